import type { Incident } from '../../shared/vocabulary/incident.ts';

/**
 * From an open incident to the analyst's first word: gather, rank, read. `rank` answers whether anything was measured:
 * without that nothing stands out, and the analyst would hand to humans what is plain a moment later. So sources that did
 * not answer in time are asked once more before it reads.
 */
export async function beginWork(
  incident: Incident,
  {
    gather,
    rank,
    read,
  }: {
    gather(incident: Incident): Promise<void>;
    rank(incident: Incident): Promise<boolean>;
    read(incident: Incident): Promise<void>;
  },
): Promise<void> {
  await gather(incident);
  if (!(await rank(incident))) await rank(incident);
  await read(incident);
}
