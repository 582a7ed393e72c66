import { type Claim, measured } from './claim-of-change.ts';
import { asText, evidence } from './evidence.ts';
import type { WhatWasRead } from './what-was-read.ts';

const HARM: ReadonlySet<string> = new Set(['error_rate', 'latency', 'availability']);

/**
 * That nothing is broken, in a sentence; null where something may be. No service fails, and those that alert show no more
 * than load: they are neither slow nor unavailable. Without alerts or metrics nobody knows.
 */
export function nothingWrong({ candidates, signals }: WhatWasRead): string | null {
  if (!candidates || !signals || signals.omitted > 0) return null;
  const alerting = new Set(
    signals.events.flatMap(({ sort, service }) => (sort === 'alert' ? [service] : [])),
  );
  if (alerting.size === 0 || alerting.has(null)) return null;
  const whole = candidates.anomalies.filter(({ version }) => version === null);
  const harmed = whole.filter(
    ({ kind, service }) => kind === 'error_rate' || (HARM.has(kind) && alerting.has(service)),
  );
  const loaded = whole.filter(({ kind, service }) => kind === 'traffic' && alerting.has(service));
  if (harmed.length > 0 || loaded.length === 0) return null;
  const names = [...new Set(loaded.map(({ service }) => service))].join(', ');
  return `Nothing to do: ${names} gets more requests than usual and answers them as well as ever. Watch it, and change nothing.`;
}

const CONFIDENCE = 0.8;

/** The same as the first hypothesis, with the load that it rests on; null where something may be broken. */
export function calmClaim(read: WhatWasRead): Claim | null {
  const sentence = nothingWrong(read);
  const { candidates } = read;
  if (sentence === null || !candidates) return null;
  return {
    claim: 'Nothing is broken: there is more to do than usual',
    cause: null,
    mechanism: sentence,
    confidence: CONFIDENCE,
    for: [
      ...candidates.anomalies
        .filter(({ kind, version }) => kind === 'traffic' && version === null)
        .slice(0, MOST_EVIDENCE)
        .flatMap((anomaly) => evidence(anomaly.sentence, candidates, [asText(anomaly.sentence)])),
      ...candidates.services.slice(0, 1).flatMap(({ id }) => measured(id, read)),
    ],
    against: [],
    gaps: ['Whoever sends the requests was not asked'],
    disprovedBy: 'Requests fail or get slow where the alarm is',
  };
}

const MOST_EVIDENCE = 3;
