import { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Denial, DenialDay } from '../../shared/vocabulary/weekly-review.ts';
import type { LedgerEntry } from '../ledger/entry.ts';

export const DAY_MS = 86_400_000;

/**
 * The denials among entries, in their order: the guard's verdicts, when proposed or right before an execution, and
 * people's answers. `titleOf` says what a proposal was.
 */
export const denialsIn = (
  entries: readonly LedgerEntry[],
  titleOf: (proposal: string) => string | undefined,
): Denial[] =>
  entries.flatMap(({ seq, kind, at, actor, incident, body }): Denial[] => {
    const by =
      kind === 'verdict' && body['kind'] === 'deny' ? 'guard' : isDenied(kind, body) ? 'person' : null;
    if (by === null) return [];
    return [
      {
        seq,
        atMs: Date.parse(at),
        by,
        who: actor.name,
        what: titleOf(String(body['proposal'])) ?? 'A proposal that is not kept any more',
        because: by === 'guard' ? sentences(body['rules']) : saidOf(body['reason']),
        incident: incident === undefined ? null : IncidentId.parse(incident),
      },
    ];
  });

/** How often in each of `days` days from `fromMs` on, days without any included. */
export function denialDays(
  denials: readonly Pick<Denial, 'atMs' | 'by'>[],
  fromMs: number,
  days: number,
): DenialDay[] {
  const counted: DenialDay[] = Array.from({ length: days }, (_, day) => ({
    fromMs: fromMs + day * DAY_MS,
    byGuard: 0,
    byPeople: 0,
  }));
  for (const { atMs, by } of denials) {
    const day = counted[Math.floor((atMs - fromMs) / DAY_MS)];
    if (!day) continue;
    if (by === 'guard') day.byGuard += 1;
    else day.byPeople += 1;
  }
  return counted;
}

const isDenied = (kind: LedgerEntry['kind'], body: LedgerEntry['body']): boolean =>
  kind === 'decision' && body['answer'] === 'deny';

const sentences = (rules: unknown): string =>
  (Array.isArray(rules) ? rules : [])
    .map((rule: unknown) => (isRecord(rule) ? rule['sentence'] : undefined))
    .filter((sentence) => typeof sentence === 'string')
    .join('; ') || 'No rule was named';

/** What was erased says so. */
function saidOf(reason: unknown): string {
  if (typeof reason === 'string' && reason !== '') return reason;
  if (isRecord(reason) && typeof reason['$erased'] === 'string') return reason['$erased'];
  return 'No reason was given';
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
