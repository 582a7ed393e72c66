import type { EnvelopeDiff } from '../../shared/vocabulary/envelope.ts';
import { Chip, type Tone } from '../ui/chip.tsx';
import { Inert } from '../ui/inert.tsx';

type Change = EnvelopeDiff['changes'][number];

/** What became wider or narrower; beside what became wider, what speaks for it. */
export function DiffInWords({ diff }: { diff: EnvelopeDiff }) {
  const { changes, requests, evidence } = diff;
  return (
    <div className="envelope-diff" role="status">
      <p>
        From version {diff.older} to {diff.newer}: {counted(requests.wider)} allowed more than before,{' '}
        {requests.narrower} allowed less.
      </p>
      {changes.length === 0 && <p className="muted">Nothing but the version changed.</p>}
      <Changes lines={changes} />
      {requests.examples.length > 0 && (
        <>
          <h3>Requests that are answered otherwise</h3>
          <Changes lines={requests.examples} />
        </>
      )}
      {evidence.length > 0 && (
        <>
          <h3>What speaks for the wider ones</h3>
          <ul>
            {evidence.map(({ action, sentence }) => (
              <li key={action}>
                <Inert text={sentence} />
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Changes({ lines }: { lines: readonly Change[] }) {
  return (
    <ul className="envelope-changes">
      {lines.map(({ effect, sentence }) => (
        <li key={sentence}>
          <Chip tone={TONES[effect]}>{WORDS[effect]}</Chip>
          <span>
            <Inert text={sentence} />
          </span>
        </li>
      ))}
    </ul>
  );
}

const TONES: Record<Change['effect'], Tone> = { wider: 'warn', narrower: 'good', either: 'plain' };
const WORDS: Record<Change['effect'], string> = { wider: 'Wider', narrower: 'Narrower', either: 'Other' };

const counted = (requests: number): string => `${requests} kind${requests === 1 ? '' : 's'} of request`;
