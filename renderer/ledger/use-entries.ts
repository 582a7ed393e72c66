import { useCallback, useEffect, useRef, useState } from 'react';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import type { LedgerEntryView } from '../../shared/vocabulary/ledger.ts';
import { call, messageOf } from '../state/call.ts';
import { useHost } from '../state/host.ts';
import { useSettled } from './use-settled.ts';

const PAGE = 100;
/** A ledger that grows in bursts is read when it rests. */
const RESTS_MS = 1_500;

/** The entries of a ledger, newest first; the newest page is read again when the ledger grew or the host was away. */
export function useEntries(realm: Realm, { kind, text }: { kind: string; text: string }, size: number) {
  const [entries, setEntries] = useState<LedgerEntryView[] | null>(null);
  const [kinds, setKinds] = useState<readonly string[]>([]);
  const [more, setMore] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [readMs, setReadMs] = useState(0);
  const readings = useHost((host) => host.readings);
  const grown = useSettled(size, RESTS_MS);
  const readFilter = useRef<string | null>(null);
  const filter = `${kind} ${text}`;

  // An answer that comes after the next question is not shown.
  const asked = useRef(filter);
  asked.current = filter;

  const read = useCallback(
    async (before?: number) => {
      setProblem(null);
      try {
        const page = await call('ledger.entries', {
          realm,
          limit: PAGE,
          ...(kind === '' ? {} : { kind }),
          ...(text === '' ? {} : { text }),
          ...(before === undefined ? {} : { before }),
        });
        if (asked.current !== filter) return;
        const fresh = readFilter.current !== filter;
        readFilter.current = filter;
        setEntries((known) => (fresh || !known ? page : merged(known, page)));
        setKinds((known) => [...new Set([...known, ...page.map((entry) => entry.kind)])].sort());
        if (before !== undefined || fresh) setMore(page.length === PAGE);
        setReadMs(Date.now());
      } catch (error) {
        if (asked.current === filter) setProblem(messageOf(error));
      }
    },
    [realm, kind, text, filter],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: both are signs that there may be more.
  useEffect(() => void read(), [read, grown, readings]);

  return {
    entries,
    kinds,
    problem,
    readMs,
    more,
    older: () => void read(entries?.at(-1)?.seq),
    again: () => void read(),
  };
}

/** Both pages, each entry once, newest first. */
function merged(known: LedgerEntryView[], page: LedgerEntryView[]): LedgerEntryView[] {
  const bySeq = new Map([...known, ...page].map((entry) => [entry.seq, entry]));
  return [...bySeq.values()].sort((a, b) => b.seq - a.seq);
}
