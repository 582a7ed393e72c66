import { type Jump, jumpOf } from './jump.ts';
import type { Candidate, Metrics, WhatWasRead } from './what-was-read.ts';

/** The factor of the ranking that says how much of a service's trouble is its own. */
const OWN_EXCESS = 'own excess';
const OUT_OF_ORDER = 0.8;
const WITHIN_MS = 2 * 60_000;
const SEVERAL = 2;

/** A service that went bad from one sample to the next, with what was read of it. */
export type Hurt = { service: string; jump: Jump; metrics: Metrics };

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
  const hurt = [...read.metrics].flatMap(([service, metrics]) => {
    const jump = service === change.service ? null : jumpOf(metrics);
    const leadMs = jump ? jump.atMs - Date.parse(change.at) : -1;
    return jump?.isSharp && leadMs >= 0 && leadMs <= WITHIN_MS ? [{ service, jump, metrics }] : [];
  });
  return hurt.length >= SEVERAL ? hurt : [];
}
