import { fingerprintOf, nameOf, serviceOf, severityOf, summaryOf } from '../alert-labels.ts';
import type { EndedAlert, SampledSeries, Window } from '../source.ts';
import type { Grid } from './service-metrics.ts';

/**
 * Prometheus writes what fires as the series `ALERTS`, and since when as the value of `ALERTS_FOR_STATE`
 * (https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/#inspecting-alerts-during-runtime): alerts
 * that fired and ended while nobody looked stand there still.
 */

/** More of the past than this is not read, and no more steps of it: an end is known as exactly as a step. */
const MOST_MS = 24 * 3_600_000;
const LEAST_STEP_MS = 15_000;
const MOST_STEPS = 2_000;
/** More alerts would be read by nobody. */
const MOST_ALERTS = 500;
/** Samples of one series that are kept as evidence: the first and the last, between which nothing changes. */
const MOST_KEPT = 200;

/** The steps in which a window is read, its last day where it is longer. */
export function endedGrid({ fromMs, toMs }: Window): Grid {
  const spanMs = Math.min(toMs - fromMs, MOST_MS);
  const stepMs = Math.max(LEAST_STEP_MS, Math.ceil(spanMs / MOST_STEPS / LEAST_STEP_MS) * LEAST_STEP_MS);
  return {
    fromMs: Math.floor((toMs - spanMs) / stepMs) * stepMs,
    toMs: Math.floor(toMs / stepMs) * stepMs,
    stepMs,
  };
}

/** What fired at each step, or between it and the step before; and since when, in seconds. */
export function endedQueries({ stepMs }: Grid): { fires: string; since: string } {
  const between = (over: string, of: string) => `${of} or ${over}_over_time(${of}[${stepMs / 1_000}s])`;
  return {
    fires: between('count', 'ALERTS{alertstate="firing"}'),
    since: between('max', 'ALERTS_FOR_STATE'),
  };
}

/**
 * Alerts that had ended at the last step, out of the answers to `endedQueries`, the one that began first at the beginning.
 * INVARIANT: one alert is told once, though whoever evaluates its rule was away for a while in the middle of it.
 */
export function endedAlerts(
  fires: readonly SampledSeries[],
  since: readonly SampledSeries[],
  { toMs, stepMs }: Grid,
): EndedAlert[] {
  const begins = bySteps(since, stepMs);
  const ended: EndedAlert[] = [];
  for (const [fingerprint, { labels, steps, told }] of bySteps(fires, stepMs)) {
    const began = begins.get(fingerprint);
    const runs = runsOf(steps, began?.steps ?? new Map(), stepMs);
    const series = { fires: told, since: began?.told ?? [] };
    for (const { startedMs, lastMs } of runs) {
      if (lastMs >= toMs) continue;
      ended.push({
        fingerprint,
        name: nameOf(labels),
        severity: severityOf(labels),
        service: serviceOf(labels),
        labels,
        summary: summaryOf(labels, {}),
        startedMs,
        endedMs: lastMs + stepMs,
        raw: samplesOf(series, { fromMs: startedMs, toMs: lastMs, stepMs }),
      });
    }
  }
  return ended.sort((a, b) => a.startedMs - b.startedMs).slice(-MOST_ALERTS);
}

/** The samples that tell of one firing, each by the question that it answers, as text when it is kept. */
function samplesOf(
  { fires, since }: Record<'fires' | 'since', readonly SampledSeries[]>,
  { fromMs, toMs, stepMs }: Grid,
): () => string {
  const some = ({ labels, points }: SampledSeries) => {
    const within = points.filter(({ atMs }) => atMs >= fromMs - stepMs && atMs <= toMs + stepMs);
    const leftOut = Math.max(0, within.length - MOST_KEPT);
    const kept = within.toSpliced(MOST_KEPT / 2, leftOut);
    return { labels, points: kept, ...(leftOut > 0 ? { leftOut } : {}) };
  };
  const samples = { stepMs, fires: fires.map(some), since: since.map(some) };
  return () => JSON.stringify(samples);
}

type Steps = Map<number, number>;

/** Values by step, of each alert; it is the same alert whichever series tells of it. */
function bySteps(series: readonly SampledSeries[], stepMs: number) {
  const found = new Map<string, { labels: Record<string, string>; steps: Steps; told: SampledSeries[] }>();
  for (const one of series) {
    const { __name__: _name, alertstate: _state, ...labels } = one.labels;
    const fingerprint = fingerprintOf(labels);
    const known = found.get(fingerprint);
    const steps: Steps = known?.steps ?? new Map();
    found.set(fingerprint, { labels, steps, told: [...(known?.told ?? []), one] });
    for (const { atMs, value } of one.points) {
      const step = Math.round(atMs / stepMs) * stepMs;
      steps.set(step, Math.max(value, steps.get(step) ?? value));
    }
  }
  return found;
}

/** From when to which step it fired, each time; without a word on since when, from the first step of those in a row. */
function runsOf(steps: Steps, begins: Steps, stepMs: number): { startedMs: number; lastMs: number }[] {
  const runs = new Map<number, { startedMs: number; lastMs: number }>();
  let before: { startedMs: number; lastMs: number } | undefined;
  for (const step of [...steps.keys()].sort((a, b) => a - b)) {
    const told = begins.get(step);
    const goesOn = before !== undefined && step - before.lastMs <= stepMs;
    const startedMs = told === undefined ? (goesOn && before ? before.startedMs : step) : told * 1_000;
    before = runs.get(startedMs) ?? { startedMs, lastMs: step };
    before.lastMs = step;
    runs.set(startedMs, before);
  }
  return [...runs.values()];
}
