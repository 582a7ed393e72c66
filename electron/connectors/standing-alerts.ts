import type { Alert } from './alert.ts';

/** Why nobody is called for an alert that fires. */
export type Quiet =
  | { kind: 'silenced'; by: string; comment: string; untilMs: number | null }
  | { kind: 'inhibited'; by: string | null }
  | { kind: 'muted'; by: string };
export type QuietAlert = Alert & { quiet: Quiet };

/** What a source of alerts says at one moment. */
export type StandingAlerts = {
  firing: Alert[];
  /** They fire, and whoever runs the system wants nobody called for them; null where it knows nothing of that. */
  quiet: QuietAlert[] | null;
  /** Fingerprints of alerts that wait until it is certain that they fire. */
  pending: string[];
  /** Since when the process runs that says so, by its own clock; null where it does not tell. */
  runningSinceMs: number | null;
  /** It was started again while it was read: what is missing may be missing for that alone. */
  isRestarting: boolean;
};

/** Reads between two looks at the time since which the process runs, so that an answer is known to be of one process. */
export async function ofOneProcess<Told>(
  runningSince: () => Promise<number | null>,
  read: () => Promise<Told>,
): Promise<Told & Pick<StandingAlerts, 'runningSinceMs' | 'isRestarting'>> {
  const before = await runningSince();
  const told = await read();
  return { ...told, runningSinceMs: before, isRestarting: (await runningSince()) !== before };
}
