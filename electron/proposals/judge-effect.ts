import { measureInWords } from '../../shared/formats/measure.ts';
import type { ExpectedEffect, Outcome, Watch } from '../../shared/vocabulary/proposal.ts';

/** A value this many times as bad as before the action counts as worse. */
const WORSE_FACTOR = 1.5;
/** It must stay that bad over this many samples: a rolling restart alone makes a short dent. */
const WORSE_SAMPLES = 6;

/**
 * Whether the expected effect came: null while it is too early to say. `improved` needs every sample of the last
 * `holdMs` on the right side; `worse` needs the last six samples all half as bad again as before; at the end of the
 * watch what has not improved is `unchanged`, and what could not be read is `unknown`.
 */
export function judgeEffect(
  effect: ExpectedEffect,
  watch: Watch,
  nowMs: number,
): { outcome: Outcome; sentence: string } | null {
  const read = watch.samples.filter(
    (sample): sample is { atMs: number; value: number } => sample.value !== null,
  );
  const last = read.at(-1);
  const meets = (value: number) =>
    effect.comparison === 'below' ? value < effect.threshold : value > effect.threshold;
  const show = (value: number) => measureInWords(value, effect.unit, 3);

  if (last && holdsFor(read, meets) >= effect.holdMs && meets(last.value)) {
    return {
      outcome: 'improved',
      sentence: `${effect.metric} of ${effect.service} is ${show(last.value)}: the expected effect came`,
    };
  }
  const tail = read.slice(-WORSE_SAMPLES).map(({ value }) => value);
  const { before } = watch;
  if (
    before !== null &&
    tail.length === WORSE_SAMPLES &&
    tail.every((value) => isWorse(effect, before, value))
  ) {
    return {
      outcome: 'worse',
      sentence: `${effect.metric} of ${effect.service} went from ${show(before)} to ${show(tail.at(-1) ?? before)}`,
    };
  }
  if (nowMs < watch.untilMs) return null;
  if (!last) {
    return {
      outcome: 'unknown',
      sentence: `${effect.metric} of ${effect.service} could not be read while it was watched`,
    };
  }
  return {
    outcome: 'unchanged',
    sentence: `${effect.metric} of ${effect.service} is ${show(last.value)}: the expected effect did not come`,
  };
}

/** Milliseconds over which the newest samples meet the effect without a break. */
function holdsFor(
  samples: readonly { atMs: number; value: number }[],
  meets: (value: number) => boolean,
): number {
  const broken = samples.findLastIndex(({ value }) => !meets(value));
  const first = samples[broken + 1];
  const last = samples.at(-1);
  return first && last ? last.atMs - first.atMs : 0;
}

function isWorse(effect: ExpectedEffect, before: number, value: number): boolean {
  const floor = Math.abs(effect.threshold);
  return effect.comparison === 'below'
    ? value > Math.max(before, floor) * WORSE_FACTOR
    : value < Math.min(before, floor) / WORSE_FACTOR;
}
