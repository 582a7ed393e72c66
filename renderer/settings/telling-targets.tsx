import type { TellingTarget, TellingView } from '../../shared/vocabulary/telling.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Chip } from '../ui/chip.tsx';
import { Inert } from '../ui/inert.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Problem } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { OCCASIONS } from './occasions.tsx';
import { SureButton } from './sure-button.tsx';

const STATES = {
  unused: { tone: 'plain', word: 'not used yet' },
  told: { tone: 'good', word: 'reached' },
  failed: { tone: 'bad', word: 'not reached' },
} as const;

type Props = { view: TellingView; onView(view: TellingView): void };

export function TellingTargets({ view: { targets, file }, onView }: Props) {
  return (
    <>
      {targets.length > 0 && (
        <ul className="connections">
          {targets.map((target) => (
            <Target key={target.id} target={target} onView={onView} />
          ))}
        </ul>
      )}
      <p className="muted">
        {targets.length === 0 && 'Nobody is told but on this screen. '}A webhook takes what Slack takes
        (Mattermost, Rocket.Chat and others do too). Its address is kept in the vault and not shown again. The
        same by file: <code>{inertLine(file)}</code>, read at start.
      </p>
    </>
  );
}

function Target({ target, onView }: { target: TellingTarget; onView(view: TellingView): void }) {
  const { id, kind, from, host, occasions, drills, state, sentence, atMs } = target;
  const { busy, problem, attempt } = useAttempt();
  const name = inertLine(target.name);
  const remove = () => attempt(async () => onView(await call('telling.remove', { target: id })));
  return (
    <li className="connection">
      <div className="connection-line">
        <div>
          <p>
            <strong>{name}</strong> <Chip tone={STATES[state].tone}>{STATES[state].word}</Chip>{' '}
            {from === 'file' && <Chip title="Change it in telling.yaml">from file</Chip>}
          </p>
          <p className="muted">
            {host !== null && (
              <>
                <Inert text={host} /> ·{' '}
              </>
            )}
            {occasions.map((occasion) => OCCASIONS[occasion].toLowerCase()).join(', ')}
            {drills ? ' · of drills too' : ''}
          </p>
          {state !== 'unused' && (
            <p className={state === 'failed' ? 'test-failed' : 'muted'}>
              <Inert text={sentence} />
              {atMs !== null && (
                <>
                  {' '}
                  <Time atMs={atMs} />
                </>
              )}
            </p>
          )}
        </div>
        {kind === 'webhook' && from === 'settings' && (
          <SureButton verb="Remove" name={name} busy={busy} onSure={() => void remove()} />
        )}
      </div>
      {problem && <Problem>{problem}</Problem>}
    </li>
  );
}
