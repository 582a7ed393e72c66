import { z } from 'zod';
import { Factor } from '../../../shared/vocabulary/candidate.ts';
import { type ChangeEvent, FieldDiff } from '../../../shared/vocabulary/event.ts';
import { Failure } from '../../platform/failure.ts';
import { readTool } from './read-tool.ts';
import { iso } from './time-span.ts';

const MOST_FIELDS = 40;
const MOST_ROWS = 20;

export const explainCandidate = readTool({
  name: 'explain_candidate',
  purpose:
    'Explain one candidate of the ranking: every factor of its score, what it changed in full, what its service and those that call it show since the onset, and what else changed there.',
  source: 'the ranking',
  outsider: ['title', 'detail', 'diff', 'reasons', 'factors', 'alsoChanged.*.title', 'anomalies'],
  input: z.strictObject({ candidate: z.string() }),
  output: z.object({
    id: z.string(),
    place: z.number(),
    of: z.number(),
    kind: z.string(),
    service: z.string(),
    title: z.string(),
    at: z.iso.datetime().nullable(),
    minutesBeforeOnset: z.number().nullable(),
    score: z.number(),
    factors: z.array(Factor),
    reasons: z.array(z.string()),
    actor: z.string().nullable(),
    source: z.string().nullable(),
    detail: z.string().nullable(),
    diff: z.array(FieldDiff),
    /** What a person made of it. */
    judgement: z.string().nullable(),
    anomalies: z.array(
      z.object({ service: z.string(), metric: z.string(), onset: z.iso.datetime(), sentence: z.string() }),
    ),
    alsoChanged: z.array(
      z.object({ key: z.string(), at: z.iso.datetime(), kind: z.string(), title: z.string() }),
    ),
    omitted: z.number(),
  }),
  async run({ candidate }, { candidates, events, topology }) {
    const ranked = candidates();
    const change = placed(ranked?.changes ?? [], candidate);
    const found = change ?? placed(ranked?.services ?? [], candidate);
    if (!ranked || !found)
      throw new Failure('not_found', `The ranking holds no candidate ${JSON.stringify(candidate)}`);
    const { one, place, of } = found;
    const service = change?.service ?? one.id;
    const all = events();
    const event = all.find(({ key }) => key === one.id);
    const near = new Set([
      service,
      ...topology().calls.flatMap(({ from, to }) => (to === service ? [from] : [])),
    ]);
    const anomalies = ranked.anomalies.filter((anomaly) => near.has(anomaly.service));
    const others = all.filter(
      (other): other is ChangeEvent =>
        other.kind === 'change' && other.service === service && other.key !== one.id,
    );
    const diff = event?.kind === 'change' ? (event.diff ?? []) : [];
    return {
      id: one.id,
      place,
      of,
      kind: change?.kind ?? 'service',
      service,
      title: change?.title ?? service,
      at: change ? iso(change.atMs) : null,
      minutesBeforeOnset:
        change && ranked.onsetMs !== null ? Math.round((ranked.onsetMs - change.atMs) / 6_000) / 10 : null,
      score: one.score,
      factors: one.factors,
      reasons: one.reasons,
      actor: (event?.kind === 'change' ? event.actor : null) ?? null,
      source: event?.source ?? null,
      detail: event?.detail ?? null,
      diff: diff.slice(0, MOST_FIELDS),
      judgement: change?.judgement ? judgementIn(change.judgement) : null,
      anomalies: anomalies.slice(0, MOST_ROWS).map(({ service: where, metric, onsetMs, sentence }) => ({
        service: where,
        metric,
        onset: iso(onsetMs),
        sentence,
      })),
      alsoChanged: others.slice(-MOST_ROWS).map(({ key, atMs, title, change: kind }) => ({
        key,
        at: iso(atMs),
        kind,
        title,
      })),
      omitted:
        Math.max(0, diff.length - MOST_FIELDS) +
        Math.max(0, anomalies.length - MOST_ROWS) +
        Math.max(0, others.length - MOST_ROWS),
    };
  },
  found: ({ place, of, kind, service, minutesBeforeOnset }) =>
    `number ${place} of ${of}, ${kind} of ${service}${minutesBeforeOnset === null ? '' : `, ${minutesBeforeOnset} min before the onset`}`,
});

function placed<One extends { id: string }>(list: readonly One[], id: string) {
  const at = list.findIndex((one) => one.id === id);
  const one = list[at];
  return one ? { ...one, one, place: at + 1, of: list.length } : null;
}

function judgementIn(
  judgement: { as: 'dismissed'; person: string; reason: string } | { as: 'pinned'; person: string },
): string {
  return judgement.as === 'dismissed'
    ? `${judgement.person} ruled it out: ${judgement.reason}`
    : `${judgement.person} keeps it in sight`;
}
