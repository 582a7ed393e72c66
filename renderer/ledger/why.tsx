import type { Realm } from '../../shared/vocabulary/ids.ts';
import type { WhyLine } from '../../shared/vocabulary/ledger.ts';
import { call } from '../state/call.ts';
import { useRead } from '../state/use-read.ts';
import { Inert } from '../ui/inert.tsx';
import { WhenRead } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';

/** What led to an entry: each cause stands below what it led to, one step further in. */
export function Why({ realm, seq }: { realm: Realm; seq: number }) {
  const lines = useRead(`${realm} ${seq}`, () => call('ledger.why', { realm, seq }));
  return (
    <WhenRead of={lines} loading="Following the causes" failed="What led to it could not be read">
      {(found) => <Causes seq={seq} lines={found} />}
    </WhenRead>
  );
}

function Causes({ seq, lines }: { seq: number; lines: readonly WhyLine[] }) {
  // An entry that led to several others stands in several places.
  const causes = lines.map((line, place) => ({ ...line, place })).slice(1);
  if (causes.length === 0) return <p className="muted">Nothing on record led to it.</p>;
  return (
    <ol className="why" aria-label={`What led to entry ${seq}`}>
      {causes.map((line) => (
        <li key={line.place} style={{ marginInlineStart: `${(line.depth - 1) * 18}px` }}>
          <span className="muted">
            {line.seq} <Time atMs={line.atMs} />
          </span>{' '}
          <Inert text={line.says} />
          {line.shortened && <span className="muted"> {SHORTENED[line.shortened]}</span>}
        </li>
      ))}
    </ol>
  );
}

const SHORTENED = { repeated: '(see above or below)', cut: '(more led to it)' };
