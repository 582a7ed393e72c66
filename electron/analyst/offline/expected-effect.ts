import { measureInWords } from '../../../shared/formats/measure.ts';
import type { ExpectedEffect } from '../../../shared/vocabulary/proposal.ts';
import type { Candidates, WhatWasRead } from './what-was-read.ts';

const WITHIN_MS = 10 * 60_000;
const HOLD_MS = 60_000;
/** The effect counts as come when at most this share of the deviation is left. */
const REST_SHARE = 0.2;

type Anomaly = Candidates['anomalies'][number];

/** The worst metric of a service, back to near what it was before the onset; null when none of its own moved. */
export function effectOn(service: string, read: WhatWasRead): ExpectedEffect | null {
  const worst = worstOf(read, (anomaly) => anomaly.service === service);
  return worst ? backToNormal(worst, read) : null;
}

/** The same on whichever service shows the trouble most: what is no deploy often hurts somebody else. */
export function effectAnywhere(service: string, read: WhatWasRead): ExpectedEffect | null {
  const worst = worstOf(read, () => true);
  return effectOn(service, read) ?? (worst ? backToNormal(worst, read) : null);
}

function worstOf({ candidates }: WhatWasRead, fits: (anomaly: Anomaly) => boolean): Anomaly | undefined {
  return candidates?.anomalies
    .filter((one) => fits(one) && one.version === null && one.observed > one.baseline)
    .filter(({ kind }) => kind === 'error_rate' || kind === 'latency')
    .sort((a, b) => preference(b.kind) - preference(a.kind) || b.strength - a.strength)[0];
}

function backToNormal({ service, metric, baseline, observed }: Anomaly, read: WhatWasRead): ExpectedEffect {
  const unit = read.metrics.get(service)?.series.find(({ name }) => name === metric)?.unit ?? '';
  const threshold = Number((baseline + REST_SHARE * (observed - baseline)).toPrecision(2));
  return {
    sentence: `${metric} of ${service} below ${measureInWords(threshold, unit, 2)} within ${WITHIN_MS / 60_000} min (now ${measureInWords(observed, unit, 2)})`,
    service,
    metric,
    comparison: 'below',
    threshold,
    unit,
    withinMs: WITHIN_MS,
    holdMs: HOLD_MS,
  };
}

/** Errors are what users feel first, so they are watched before latency. */
const preference = (kind: string) => (kind === 'error_rate' ? 1 : 0);
