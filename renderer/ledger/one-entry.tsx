import { useEffect, useRef } from 'react';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import type { LedgerEntryView } from '../../shared/vocabulary/ledger.ts';
import { call } from '../state/call.ts';
import { useRead } from '../state/use-read.ts';
import { Inert } from '../ui/inert.tsx';
import { Problem, WhenRead } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { Proof } from './proof.tsx';
import { Why } from './why.tsx';

/** The entry that an address names, whole, with what led to it. */
export function OneEntry({ realm, seq }: { realm: Realm; seq: number }) {
  const box = useRef<HTMLElement>(null);
  const found = useRead(`${realm} ${seq}`, () =>
    call('ledger.entries', { realm, before: seq + 1, limit: 1 }),
  );
  useEffect(() => box.current?.focus(), []);
  return (
    <section ref={box} className="box one-entry" aria-label={`Entry ${seq}`} tabIndex={-1}>
      <div className="ledger-sentence">
        <h2 className="section-title">Entry {seq}</h2>
        <a href="#/ledger">Back to all entries</a>
      </div>
      <WhenRead of={found} loading="Reading the entry" failed="The entry could not be read">
        {([entry]) =>
          entry?.seq === seq ? (
            <Entry realm={realm} entry={entry} />
          ) : (
            <Problem>There is no entry {seq} in this ledger.</Problem>
          )
        }
      </WhenRead>
    </section>
  );
}

function Entry({ realm, entry }: { realm: Realm; entry: LedgerEntryView }) {
  return (
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
      <Proof realm={realm} seq={entry.seq} />
      <h3 className="section-title">What led to it</h3>
      <Why realm={realm} seq={entry.seq} />
    </>
  );
}
