import { CircleCheck, CircleDashed, CircleX, type LucideIcon } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { SourceStatus } from '../../shared/vocabulary/status.ts';
import { useClock } from '../state/now.ts';
import { Button } from '../ui/button.tsx';
import { Inert } from '../ui/inert.tsx';
import { duration } from '../ui/words.ts';

const LOOKS: Record<SourceStatus['state'], { icon: LucideIcon; word: string }> = {
  up: { icon: CircleCheck, word: 'up' },
  connecting: { icon: CircleDashed, word: 'connecting' },
  down: { icon: CircleX, word: 'down' },
};

/** How many sources deliver, and on demand which and since when. */
export function Sources({ sources }: { sources: SourceStatus[] }) {
  const up = sources.filter(({ state }) => state === 'up').length;
  const down = sources.filter(({ state }) => state === 'down').length;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button look="quiet" small className={down > 0 ? 'sources-down' : ''}>
          {down > 0 ? <CircleX size={14} aria-hidden /> : <CircleCheck size={14} aria-hidden />}
          {sources.length === 0 ? 'No sources' : `Sources ${up}/${sources.length}`}
          {down > 0 && ` · ${down} down`}
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="popover" align="end" sideOffset={6} aria-label="Sources">
          {sources.length === 0 && (
            <p>No system is connected yet. Settings is where connections are added.</p>
          )}
          <ul className="sources">
            {sources.map((source) => (
              <SourceRow key={source.id} {...source} />
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function SourceRow({ name, kind, realm, state, sentence, lastHeardMs }: SourceStatus) {
  const nowMs = useClock(realm);
  const { icon: Icon, word } = LOOKS[state];
  return (
    <li className={`source source-${state}`}>
      <Icon size={15} aria-hidden />
      <div>
        <p>
          <strong>
            <Inert text={name} />
          </strong>{' '}
          <span className="muted">
            {kind} · {word}
            {lastHeardMs !== null && ` · heard ${duration(nowMs - lastHeardMs)} ago`}
          </span>
        </p>
        <p className="muted">
          <Inert text={sentence} />
        </p>
      </div>
    </li>
  );
}
