import { type Claim, measured } from './claim-of-change.ts';
import { asMembers, asText, evidence } from './evidence.ts';
import type { Candidates, WhatWasRead } from './what-was-read.ts';

const MOST_CONFIDENT = 0.85;
/** A service that is this likely to be where it began is worth naming though nothing of it is known to have changed. */
const WORTH_NAMING = 0.3;

/** That nothing could be measured; null where something was. Then no change can be told from another, nor ruled out. */
function notMeasured(chance: number, candidates: Candidates): Claim | null {
  const { unmeasured } = candidates;
  if (unmeasured.length === 0) return null;
  const who = unmeasured.join(', ');
  return {
    claim: `Nothing could be measured: ${who} did not answer`.slice(0, 200),
    cause: null,
    mechanism: 'Of the symptoms only the alerts are known, and by those no change can be told from another.',
    confidence: Math.min(MOST_CONFIDENT, chance),
    for: evidence('No metric of this incident could be read', candidates, [asMembers({ unmeasured })]),
    against: [],
    gaps: [`The metrics of ${who}`.slice(0, 500)],
    disprovedBy: `${who} answers, and the ranking is another with its metrics`.slice(0, 500),
  };
}

/** That the cause is none of the changes, with the service in which it shows where one stands out, or why nobody knows. */
export const notSeen = (chance: number, candidates: Candidates, read: WhatWasRead): Claim =>
  notMeasured(chance, candidates) ?? noneOfThem(chance, candidates, read);

function noneOfThem(chance: number, candidates: Candidates, read: WhatWasRead): Claim {
  const { onset, novelty, services, changes } = candidates;
  const [suspect] = services;
  const began = suspect && suspect.score >= WORTH_NAMING && onset !== null ? suspect : null;
  const ofIt = began ? changes.filter(({ service }) => service === began.id) : [];
  const around = began ? (read.neighbours.get(began.id)?.neighbours ?? []) : [];
  const callers = around.filter(({ side, steps }) => side === 'caller' && steps === 1);
  return {
    claim: began
      ? `The cause is not among the changes we can see: ${began.id} is in trouble by itself`
      : 'The cause is not among the changes we can see',
    cause: null,
    mechanism: began
      ? `${began.id} shows more than its load and the services it calls explain${callers.length > 0 ? `, and ${callers.map(({ service }) => service).join(', ')} pass it on` : ''}; ${
          ofIt.length === 0 ? 'no change of it is known' : 'no change of it fits well'
        }.`.slice(0, 1_000)
      : onset === null
        ? 'No credible onset was found in the metrics.'
        : 'No change fits place, time and symptom well.',
    confidence: Math.min(MOST_CONFIDENT, chance),
    for: [
      evidence(
        `${Math.round(novelty * 100)} % of the ranking's weight is on none of the candidates`,
        candidates,
        [asMembers({ novelty })],
      ),
      (began?.reasons ?? []).map((sentence) => evidence(sentence, candidates, [asText(sentence)])),
      began ? measured(began.id, read) : [],
    ].flat(2),
    against: [],
    gaps: ['Whatever is not connected: providers, hardware, manual changes'],
    disprovedBy: began
      ? `${began.id} is well when it is asked directly, while those who call it still fail`
      : 'Undoing one of the candidates brings the metrics back',
  };
}
