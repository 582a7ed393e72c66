/**
 * Whether the expected effect came. Two things must agree: the threshold that was promised, held without a break, and a
 * rank-sum test of the samples after against those before, so that neither noise nor what was so already counts as an
 * effect. `worse` needs the last six samples all half as bad again as before: a rolling restart alone makes a short dent.
 */
import { measureInWords } from '../../shared/formats/measure.ts';
import type { ExpectedEffect, Outcome, Watch } from '../../shared/vocabulary/proposal.ts';
import { chanceOfBelow } from './rank-sum.ts';

export type Judged = { outcome: Outcome; sentence: string };
type Read = { atMs: number; value: number };

/** A value this many times as bad as before the action counts as worse. */
const WORSE_FACTOR = 1.5;
const WORSE_SAMPLES = 6;
/** Fewer samples than this before, and there is nothing to test against; the threshold decides alone, and it is said. */
const LEAST_BASELINE = 4;
/** Fewer samples than this after, and nothing is said but that. */
const LEAST_SAMPLES = 3;
/** The chance, if nothing had changed, below which a difference counts as one. */
const SIGNIFICANCE = 0.05;

/** Null while it is too early to say. */
export function judgeEffect(effect: ExpectedEffect, watch: Watch, nowMs: number): Judged | null {
  const after = watch.samples.filter(isRead);
  const before = (watch.baseline ?? []).filter(isRead).map(({ value }) => value);
  const worse = worsened(effect, watch, after, before);
  if (worse) return worse;
  const isOver = nowMs >= watch.untilMs;
  if (watch.goal !== undefined) return isOver ? backAgain(effect, watch, watch.goal, after, before) : null;
  return came(effect, after, before) ?? (isOver ? atTheEnd(effect, after, before) : null);
}

function came(effect: ExpectedEffect, after: readonly Read[], before: readonly number[]): Judged | null {
  const held = heldRun(after, (value) => meets(effect, effect.threshold, value));
  const last = held.at(-1);
  if (!last || spanOf(held) < effect.holdMs) return null;
  const test = tested(effect, valuesOf(held), before);
  if (test.kind === 'same') return null;
  return { outcome: 'improved', sentence: `${nowAt(effect, last)}: the expected effect came; ${test.words}` };
}

function worsened(
  effect: ExpectedEffect,
  { before: newest }: Watch,
  after: readonly Read[],
  before: readonly number[],
): Judged | null {
  const tail = valuesOf(after.slice(-WORSE_SAMPLES));
  if (newest === null || tail.length < WORSE_SAMPLES) return null;
  if (!tail.every((value) => isWorse(effect, newest, value))) return null;
  const test = tested(turned(effect), tail, before);
  if (test.kind === 'same') return null;
  const to = tail.at(-1) ?? newest;
  return {
    outcome: 'worse',
    sentence: `${named(effect)} went from ${show(effect, newest)} to ${show(effect, to)}; ${test.words}`,
  };
}

function atTheEnd(effect: ExpectedEffect, after: readonly Read[], before: readonly number[]): Judged {
  const few = tooFew(effect, after);
  if (few) return few;
  const last = after.at(-1) as Read;
  const met = (value: number) => meets(effect, effect.threshold, value);
  const held = heldRun(after, met);
  if (held.length > 0 && spanOf(held) < effect.holdMs) {
    return {
      outcome: 'inconclusive',
      sentence: `${nowAt(effect, last)}, but had not held long enough when the watch ended`,
    };
  }
  if (held.length > 0) {
    const test = tested(effect, valuesOf(held), before);
    return before.filter(met).length * 2 > before.length
      ? {
          outcome: 'unchanged',
          sentence: `${nowAt(effect, last)}, as it was before the action already; ${test.words}`,
        }
      : { outcome: 'inconclusive', sentence: `${nowAt(effect, last)}, but ${test.words}` };
  }
  const test = tested(effect, valuesOf(settled(after)), before);
  const some = test.kind === 'differs' ? 'it is better than before, and yet ' : '';
  return {
    outcome: 'unchanged',
    sentence: `${nowAt(effect, last)}: ${some}the expected effect did not come; ${test.words}`,
  };
}

/**
 * Of a back-out: that it is no worse than before the action is what was promised, and is no improvement while the trouble
 * that the action was to end is back. Judged when the watch ends, for what was undone may take its time to return.
 */
function backAgain(
  effect: ExpectedEffect,
  { before: newest }: Watch,
  goal: number,
  after: readonly Read[],
  before: readonly number[],
): Judged {
  const few = tooFew(effect, after);
  if (few) return few;
  const last = after.at(-1) as Read;
  const test = tested(effect, valuesOf(settled(after)), before);
  const isGood = heldRun(after, (value) => meets(effect, goal, value));
  if (isGood.length > 0 && spanOf(isGood) >= effect.holdMs) {
    const wasGood = newest !== null && meets(effect, goal, newest);
    return wasGood || test.kind === 'same'
      ? { outcome: 'unchanged', sentence: `${nowAt(effect, last)}: as good as before it; ${test.words}` }
      : { outcome: 'improved', sentence: `${nowAt(effect, last)}: better without the action; ${test.words}` };
  }
  const limit = show(effect, effect.threshold);
  return meets(effect, effect.threshold, last.value) || last.value === effect.threshold
    ? {
        outcome: 'unchanged',
        sentence: `${nowAt(effect, last)}: back where it was before the action (${limit}), with the trouble that it was to end; ${test.words}`,
      }
    : {
        outcome: 'inconclusive',
        sentence: `${nowAt(effect, last)}: not as bad as to be called worse, and not back where it was before the action (${limit}); ${test.words}`,
      };
}

function tooFew(effect: ExpectedEffect, after: readonly Read[]): Judged | null {
  if (after.length >= LEAST_SAMPLES) return null;
  const sentence =
    after.length === 0
      ? `${named(effect)} could not be read while it was watched`
      : `${named(effect)} could be read only ${after.length === 1 ? 'once' : 'twice'} while it was watched`;
  return { outcome: 'inconclusive', sentence };
}

type Tested = { kind: 'differs' | 'same' | 'untested'; words: string };

/** Whether the samples are better than those before by more than chance. */
function tested(
  { comparison }: Pick<ExpectedEffect, 'comparison'>,
  after: readonly number[],
  before: readonly number[],
): Tested {
  if (before.length < LEAST_BASELINE) {
    return {
      kind: 'untested',
      words: `not tested against before, of which there ${before.length === 1 ? 'is 1 sample' : `are ${before.length} samples`}`,
    };
  }
  const chance = comparison === 'below' ? chanceOfBelow(after, before) : chanceOfBelow(before, after);
  const differs = chance < SIGNIFICANCE;
  const p = chance < 0.001 ? 'p < 0.001' : `p = ${chance.toFixed(3)}`;
  return {
    kind: differs ? 'differs' : 'same',
    words: `rank-sum test of ${after.length} samples after against ${before.length} before: ${p}${differs ? '' : ', which may be chance'}`,
  };
}

/** The newest samples that meet it without a break. */
function heldRun(samples: readonly Read[], met: (value: number) => boolean): readonly Read[] {
  return samples.slice(samples.findLastIndex(({ value }) => !met(value)) + 1);
}

/** The later half, when what a rollout does to the metric is over. */
const settled = (samples: readonly Read[]) => samples.slice(Math.floor(samples.length / 2));
const spanOf = (run: readonly Read[]) => (run.at(-1)?.atMs ?? 0) - (run[0]?.atMs ?? 0);
const valuesOf = (samples: readonly Read[]) => samples.map(({ value }) => value);
const isRead = (sample: { atMs: number; value: number | null }): sample is Read => sample.value !== null;

const meets = ({ comparison }: ExpectedEffect, threshold: number, value: number) =>
  comparison === 'below' ? value < threshold : value > threshold;
const turned = ({ comparison }: ExpectedEffect) => ({
  comparison: comparison === 'below' ? ('above' as const) : ('below' as const),
});

function isWorse(effect: ExpectedEffect, before: number, value: number): boolean {
  const floor = Math.abs(effect.threshold);
  return effect.comparison === 'below'
    ? value > Math.max(before, floor) * WORSE_FACTOR
    : value < Math.min(before, floor) / WORSE_FACTOR;
}

const named = ({ metric, service }: ExpectedEffect) => `${metric} of ${service}`;
const show = ({ unit }: ExpectedEffect, value: number) => measureInWords(value, unit, 3);
const nowAt = (effect: ExpectedEffect, { value }: Read) => `${named(effect)} is ${show(effect, value)}`;
