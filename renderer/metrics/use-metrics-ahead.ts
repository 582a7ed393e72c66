import { type RefObject, useEffect, useRef } from 'react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { call } from '../state/call.ts';
import { keepOverview, keptOf } from './metrics-kept.ts';
import { firstPicture } from './plots-ahead.ts';
import { seenNow } from './seen-now.ts';

/** Read ahead at most this often; where there was nothing yet, sooner. */
const PACE_MS = 30_000;
const EMPTY_PACE_MS = 1_000;
/** A larger overview is read again only when somebody looks: unasked it would hold up what they do look at. */
const MOST_SIGNALS = 500;

type Ahead = { incident: Incident; version: number; isShown: boolean; column: RefObject<HTMLElement | null> };

/**
 * Reads the metrics and the first charts of an incident while nobody looks at them and the screen has nothing else to do, so
 * that they are there when somebody does. A failure is none of the person's business yet: the panel tells of its own.
 */
export function useMetricsAhead({ incident: { id }, version, isShown, column }: Ahead): void {
  const lastMs = useRef(Number.NEGATIVE_INFINITY);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new samples are what is read for.
  useEffect(() => {
    if (isShown) return;
    let ended = false;
    let idle: number | undefined;
    const signals = keptOf(id).reading?.overview.signals.length ?? 0;
    if (signals > MOST_SIGNALS) return;
    const pace = signals === 0 ? EMPTY_PACE_MS : PACE_MS;
    const waitMs = Math.max(0, lastMs.current + pace - performance.now());
    const read = async () => {
      if (document.hidden) return;
      lastMs.current = performance.now();
      const overview = await call('metrics.overview', { incident: id });
      if (ended) return;
      const reading = keepOverview(id, overview);
      const seen = seenNow(id, column.current);
      if (!seen) return;
      const { signals, space, axis } = firstPicture(seen);
      if (signals.length === 0) return;
      const charts = signals.map(({ source, service, name, labels }) => ({ source, service, name, labels }));
      keptOf(id).charts.want({
        charts,
        ...axis.range,
        pixels: space.pixels,
        against: null,
        version: reading.version,
      });
    };
    const timer = setTimeout(() => {
      idle = requestIdleCallback(() => void read().catch(() => undefined), { timeout: 5_000 });
    }, waitMs);
    return () => {
      ended = true;
      clearTimeout(timer);
      if (idle !== undefined) cancelIdleCallback(idle);
    };
  }, [id, version, isShown, column]);
}
