/** Clocks this close count as one: the header has whole seconds, and an answer takes its time. */
const WORTH_TELLING_MS = 5_000;

export type SkewMeter = {
  /** Takes the `Date` header of an answer (RFC 9110 §6.6.1) that came between these two times of ours. */
  note(date: string | undefined, sentMs: number, receivedMs: number): void;
  /** How far the clock of the other side is ahead of ours, in milliseconds; null before anything is known. */
  read(): number | null;
};

export function skewMeter(): SkewMeter {
  let skewMs: number | null = null;
  return {
    note(date, sentMs, receivedMs) {
      const theirsMs = Date.parse(date ?? '');
      if (Number.isNaN(theirsMs)) return;
      // Within a whole second, somewhere between asking and being answered.
      if (theirsMs + 1_000 < sentMs) skewMs = theirsMs + 1_000 - sentMs;
      else if (theirsMs > receivedMs) skewMs = theirsMs - receivedMs;
      else skewMs = 0;
    },
    read: () => skewMs,
  };
}

/** The difference where it is one; null where it is no more than how it is measured. */
export const skewWorthTelling = (skewMs: number | null): number | null =>
  skewMs === null || Math.abs(skewMs) < WORTH_TELLING_MS ? null : skewMs;

/** What a difference of clocks means, or null where it means nothing. */
export function skewSentence(system: string, measuredMs: number | null): string | null {
  const skewMs = skewWorthTelling(measuredMs);
  if (skewMs === null) return null;
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  const far = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  const which = skewMs > 0 ? 'ahead of' : 'behind';
  return `The clock of ${system} is ${far} ${which} this machine's: times do not line up until one of them is set right.`;
}
