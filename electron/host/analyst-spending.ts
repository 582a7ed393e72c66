import { z } from 'zod';
import type { AnalystSpent } from '../guard/stops/breakers.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/log.ts';

type Spent = { atMs: number; tokens: number };

const Tokens = z.object({ tokens: z.object({ input: z.number(), output: z.number() }).nullable() });

/** What the analyst has used in each incident, over all its runs, counted from the turns on record. */
export function analystSpending(ledger: Pick<Ledger, 'entries' | 'onAppend'>) {
  const turns = new Map<string, Spent[]>();
  ledger.onAppend((entries) => {
    for (const entry of entries) {
      if (entry.kind === 'model.turn' && entry.incident !== undefined)
        turns.get(entry.incident)?.push(spentIn(entry));
    }
  });

  function of(incident: string): Spent[] {
    const known = turns.get(incident) ?? ledger.entries({ kind: 'model.turn', incident }).map(spentIn);
    turns.set(incident, known);
    return known;
  }

  return (incident: string, sinceMs: number): AnalystSpent => {
    const counted = of(incident).filter(({ atMs }) => atMs > sinceMs);
    return { turns: counted.length, tokens: counted.reduce((sum, { tokens }) => sum + tokens, 0) };
  };
}

/** A client that does not count its tokens is bounded by its turns alone. */
function spentIn({ at, body }: LedgerEntry): Spent {
  const tokens = Tokens.safeParse(body).data?.tokens;
  return { atMs: Date.parse(at), tokens: tokens ? tokens.input + tokens.output : 0 };
}
