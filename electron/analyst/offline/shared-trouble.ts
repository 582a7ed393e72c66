import { asMembers, asText } from './evidence.ts';
import { sharpJumpOf } from './jump.ts';
import type { Candidate, Cited, WhatWasRead } from './what-was-read.ts';

/** The factor of the ranking that says how much of a service's trouble is its own. */
const OWN_EXCESS = 'own excess';
const OUT_OF_ORDER = 0.7;
const WITHIN_MS = 2 * 60_000;
const SEVERAL = 2;

/** A service that went bad at a time, with the answer and the words in it that say so. */
export type Hurt = { service: string; at: string; cited: Cited; words: string[] };

/** What the ranking says of a service whose trouble is its own, and not that of what it calls. */
export const ownExcessOf = ({ factors }: Candidate) =>
  factors.find(({ name, value }) => name === OWN_EXCESS && value >= OUT_OF_ORDER);

/** Something was done to a thing that many may rest on, and that thing is in trouble by itself. */
export const isOutOfOrder = (change: Candidate): boolean =>
  change.kind === 'infrastructure' && ownExcessOf(change) !== undefined;

/** A mesh sees nobody call it: a database, a disk, whatever is reached by another protocol. */
export const isApart = ({ service }: Candidate, { neighbours, unplaced }: WhatWasRead): boolean =>
  unplaced.has(service) || neighbours.get(service)?.neighbours.length === 0;

/** The services that went bad right after something was done to what they may all rest on; none where it was one alone. */
export function hurtTogether(change: Candidate, read: WhatWasRead): Hurt[] {
  if (!isOutOfOrder(change) || !isApart(change, read)) return [];
  const isSoon = ({ service, at }: Hurt) => {
    const leadMs = Date.parse(at) - Date.parse(change.at);
    return service !== change.service && leadMs >= 0 && leadMs <= WITHIN_MS;
  };
  const byService = new Map<string, Hurt>();
  for (const hurt of [...bySamples(read), ...byRanking(read)].filter(isSoon))
    if (!byService.has(hurt.service)) byService.set(hurt.service, hurt);
  return byService.size >= SEVERAL ? [...byService.values()] : [];
}

const bySamples = ({ metrics }: WhatWasRead): Hurt[] =>
  [...metrics].flatMap(([service, cited]) => {
    const jump = sharpJumpOf(cited);
    if (!jump) return [];
    const words = [JSON.stringify(jump.point), asMembers({ name: jump.series.name })];
    return [{ service, at: jump.point[0], cited, words }];
  });

/** Of services whose samples were not read, or do not date it, the ranking's own dating. */
const byRanking = ({ candidates }: WhatWasRead): Hurt[] =>
  (candidates?.anomalies ?? []).flatMap(({ service, kind, version, onset, sentence }) =>
    candidates && version === null && (kind === 'latency' || kind === 'error_rate')
      ? [{ service, at: onset, cited: candidates, words: [asText(sentence)] }]
      : [],
  );
