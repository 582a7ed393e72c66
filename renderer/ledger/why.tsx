import { useEffect, useState } from 'react';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import type { WhyLine } from '../../shared/vocabulary/ledger.ts';
import { call, messageOf } from '../state/call.ts';
import { Inert } from '../ui/inert.tsx';
import { Loading, Problem } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';

/** What led to an entry: each cause stands below what it led to, one step further in. */
export function Why({ realm, seq }: { realm: Realm; seq: number }) {
  const [lines, setLines] = useState<WhyLine[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let isShown = true;
    call('ledger.why', { realm, seq }).then(
      (found) => isShown && setLines(found),
      (error: unknown) => isShown && setProblem(messageOf(error)),
    );
    return () => {
      isShown = false;
    };
  }, [realm, seq]);
  if (problem) return <Problem>{problem}</Problem>;
  if (!lines) return <Loading what="Following the causes" />;
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
