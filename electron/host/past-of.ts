import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { Delivered } from '../connectors/delivered.ts';
import type { Window } from '../connectors/source.ts';

/** Causes are older than their symptoms, and some by hours. */
const CHANGES_BACK_MS = 24 * 3_600_000;

type Begun = Pick<Incident, 'fromMs' | 'openedMs'>;

/** Of which time the sources are asked when an incident begins: its own window, and the day before. */
export const pastOf = ({ fromMs, openedMs }: Begun, nowMs: number): Window => ({
  fromMs: Math.min(fromMs, openedMs - CHANGES_BACK_MS),
  toMs: nowMs,
});

/** Whether a fact is one of this incident, whenever it is told: what happened in its window, and what was changed before. */
export const belongsTo =
  ({ fromMs, openedMs }: Begun) =>
  ({ atMs, kind }: Pick<Delivered, 'atMs' | 'kind'>): boolean =>
    atMs >= fromMs || (kind === 'change' && atMs >= openedMs - CHANGES_BACK_MS);
