import {
  type Chart,
  type ChartsWanted,
  type Earlier,
  type MetricsOverview,
  type SeriesRef,
  seriesKey,
} from '../../../shared/vocabulary/chart.ts';
import type { Incident } from '../../../shared/vocabulary/incident.ts';
import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';
import type { Connector, Window } from '../../connectors/source.ts';
import type { Clock } from '../../platform/clock.ts';
import { Failure } from '../../platform/failure.ts';
import { chartOf } from './chart-of.ts';
import { type HeldSource, heldAfter, type SourceAnswer, seriesByKey } from './held-series.ts';
import { latelyRead } from './lately-read.ts';
import { normalOf } from './normal-of.ts';
import { overviewOf } from './overview-of.ts';

type Stepped = Window & { stepMs: number };

/** So far back lie the same hours. */
const BACK_MS: Record<Earlier, number> = { yesterday: 24 * 3_600_000, 'last-week': 7 * 24 * 3_600_000 };
/** The end of what is read beside the ranking moves on in such steps, so that it is not read anew for each sample. */
const PACE_MS = 60_000;
const EXPRESSION_TIMEOUT_MS = 10_000;

export type MetricsDesk = ReturnType<typeof metricsDesk>;

/** What the charts of an incident show: what the ranking read, finer where somebody looks closer, or of an earlier day. */
export function metricsDesk(ports: {
  clock: Pick<Clock, 'now'>;
  windowOf(incident: Incident): Window;
  stepOf(window: Window): number;
  /** What the ranking holds of an incident; read now where it holds nothing yet. */
  heldOf(incident: Incident): Promise<readonly HeldSource[]>;
  read(window: Stepped): Promise<SourceAnswer[]>;
  onsetOf(incident: Incident): number | null;
  connectors(): readonly Pick<Connector, 'id' | 'metrics'>[];
}) {
  const { clock, windowOf, stepOf } = ports;
  const lately = latelyRead(readOrFail);

  async function readOrFail(window: Stepped): Promise<readonly HeldSource[]> {
    const answers = await ports.read(window);
    const [first] = answers.filter((answer) => !answer.ok);
    if (first && answers.every((answer) => !answer.ok))
      throw new Failure('unreachable', `No source of metrics answered; ${first.name}: ${first.sentence}`);
    return heldAfter([], answers, clock.now());
  }

  /** Of the same incident at the same pace: whoever moves about in a window reads it once. */
  function readAnew(incident: Incident, window: Stepped): Promise<readonly HeldSource[]> {
    const { fromMs, toMs, stepMs } = window;
    const paced = {
      fromMs: Math.floor(fromMs / PACE_MS) * PACE_MS,
      toMs: Math.min(clock.now(), Math.ceil(toMs / PACE_MS) * PACE_MS),
      stepMs,
    };
    const pace = Math.ceil(paced.toMs / PACE_MS);
    return lately.read([incident.id, paced.fromMs, pace, stepMs].join(' '), paced);
  }

  /** What is held, unless it is too coarse for the part that is looked at. */
  async function seriesFor(incident: Incident, window: Window): Promise<ReadonlyMap<string, MetricSeries>> {
    const held = await ports.heldOf(incident);
    const stepMs = stepOf(window);
    if (stepMs >= stepOf(windowOf(incident))) return seriesByKey(held);
    try {
      return seriesByKey(await readAnew(incident, { ...window, stepMs }));
    } catch (error) {
      // What is held is coarse, and still true.
      if (error instanceof Failure) return seriesByKey(held);
      throw error;
    }
  }

  return {
    overview: async (incident: Incident): Promise<MetricsOverview> =>
      overviewOf(await ports.heldOf(incident), windowOf(incident)),

    /** One chart for each that is wanted, in the same order. @throws Failure when no source answers for the other day. */
    async charts(
      incident: Incident,
      { charts, fromMs, toMs, pixels, against }: ChartsWanted,
    ): Promise<Chart[]> {
      const held = seriesByKey(await ports.heldOf(incident));
      if (against !== null) {
        const shiftMs = BACK_MS[against];
        const whole = windowOf(incident);
        const then = { fromMs: whole.fromMs - shiftMs, toMs: whole.toMs - shiftMs, stepMs: stepOf(whole) };
        const series = seriesByKey(await readAnew(incident, then));
        const window = { fromMs: fromMs - shiftMs, toMs: toMs - shiftMs };
        return charts.map((ref) =>
          chartOf(series.get(seriesKey(ref)), window, { pixels, shiftMs, normal: null }),
        );
      }
      const window = { fromMs, toMs };
      const fine = await seriesFor(incident, window);
      const onsetMs = ports.onsetOf(incident);
      return charts.map((ref) => {
        const key = seriesKey(ref);
        const whole = held.get(key);
        // What is normal is what the whole window says, however close somebody looks.
        const normal = whole ? normalOf(whole, onsetMs) : null;
        return chartOf(fine.get(key) ?? whole, window, { pixels, shiftMs: 0, normal });
      });
    },

    /** How the source itself writes a series; null where it has no such language. */
    async expression(incident: Incident, ref: SeriesRef): Promise<string | null> {
      const { metrics } = ports.connectors().find(({ id }) => id === ref.source) ?? {};
      if (!metrics?.expressionOf) return null;
      const window = windowOf(incident);
      return metrics.expressionOf(
        ref,
        { ...window, stepMs: stepOf(window) },
        AbortSignal.timeout(EXPRESSION_TIMEOUT_MS),
      );
    },
  };
}
