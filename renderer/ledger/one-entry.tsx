import { useEffect, useRef, useState } from 'react';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import type { LedgerEntryView } from '../../shared/vocabulary/ledger.ts';
import { call, messageOf } from '../state/call.ts';
import { Inert } from '../ui/inert.tsx';
import { Loading, Problem } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { Proof } from './proof.tsx';
import { Why } from './why.tsx';

/** The entry that an address names, whole, with what led to it. */
export function OneEntry({ realm, seq }: { realm: Realm; seq: number }) {
  const box = useRef<HTMLElement>(null);
  const [entry, setEntry] = useState<LedgerEntryView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let isShown = true;
    call('ledger.entries', { realm, before: seq + 1, limit: 1 }).then(
      ([found]) => {
        if (!isShown) return;
        if (found?.seq === seq) setEntry(found);
        else setProblem(`There is no entry ${seq} in this ledger.`);
      },
      (error: unknown) => isShown && setProblem(messageOf(error)),
    );
    box.current?.focus();
    return () => {
      isShown = false;
    };
  }, [realm, seq]);
  return (
    <section ref={box} className="box one-entry" aria-label={`Entry ${seq}`} tabIndex={-1}>
      <div className="ledger-sentence">
        <h2 className="section-title">Entry {seq}</h2>
        <a href="#/ledger">Back to all entries</a>
      </div>
      {problem && <Problem>{problem}</Problem>}
      {!entry && !problem && <Loading what="Reading the entry" />}
      {entry && (
        <>
          <p>
            <Time atMs={entry.atMs} as="instant" /> · {entry.kind} · <Inert text={entry.actor.name} />
          </p>
          <p>
            <Inert text={entry.says} />
          </p>
          <pre className="one-entry-body">
            <Inert text={JSON.stringify(entry.body, null, 2)} lines />
          </pre>
          <Proof realm={realm} seq={seq} />
          <h3 className="section-title">What led to it</h3>
          <Why realm={realm} seq={seq} />
        </>
      )}
    </section>
  );
}
