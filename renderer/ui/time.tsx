import { dayAndTime, instant, timeOfDay, utc } from './words.ts';

const ways = { time: timeOfDay, day: dayAndTime, instant } as const;

/** Local time, with the UTC on hover: `time` alone, with the `day`, or the day to the second. */
export function Time({ atMs, as = 'time' }: { atMs: number; as?: keyof typeof ways }) {
  return (
    <time dateTime={new Date(atMs).toISOString()} title={`${utc(atMs)} (UTC)`}>
      {ways[as](atMs)}
    </time>
  );
}
