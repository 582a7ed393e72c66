import { dayAndTime, timeOfDay, utc } from './words.ts';

/** Local time, with the UTC on hover. */
export function Time({ atMs, day = false }: { atMs: number; day?: boolean }) {
  return (
    <time dateTime={new Date(atMs).toISOString()} title={`${utc(atMs)} (UTC)`}>
      {day ? dayAndTime(atMs) : timeOfDay(atMs)}
    </time>
  );
}
