import { z } from 'zod';
import { FieldDiff } from '../../../shared/vocabulary/event.ts';
import { ChangeKind, MetricKind } from '../../../shared/vocabulary/kinds.ts';
import { briefDiff } from './brief-diff.ts';
import { readTool } from './read-tool.ts';

const Factor = z.object({ name: z.string(), value: z.number(), sentence: z.string() });

export const listCandidates = readTool({
  name: 'list_candidates',
  purpose:
    'List the changes and services that could be the cause, best first, with scores and the reasons for them. `unmeasured` names the sources of metrics where none answered: the scores rest on no measurement then.',
  source: 'the ranking',
  outsider: [
    'changes.*.title',
    'changes.*.reasons',
    'changes.*.factors',
    'changes.*.diff',
    'anomalies.*.version',
  ],
  input: z.strictObject({ limit: z.number().int().min(1).max(20) }),
  output: z.object({
    onset: z.iso.datetime().nullable(),
    novelty: z.number(),
    total: z.number(),
    worthReading: z.number(),
    unmeasured: z.array(z.string()).default([]),
    changes: z.array(
      z.object({
        id: z.string(),
        kind: ChangeKind,
        service: z.string(),
        title: z.string(),
        at: z.iso.datetime(),
        score: z.number(),
        reasons: z.array(z.string()),
        factors: z.array(Factor),
        /** What exactly it changed, where its source says so. */
        diff: z.array(FieldDiff).optional(),
      }),
    ),
    services: z.array(z.object({ id: z.string(), score: z.number(), reasons: z.array(z.string()) })),
    anomalies: z.array(
      z.object({
        service: z.string(),
        metric: z.string(),
        kind: MetricKind,
        version: z.string().nullable(),
        onset: z.iso.datetime(),
        strength: z.number(),
        baseline: z.number(),
        observed: z.number(),
        sentence: z.string(),
      }),
    ),
    omitted: z.number(),
  }),
  async run({ limit }, { candidates, events }) {
    const ranked = candidates();
    if (!ranked) {
      return {
        onset: null,
        novelty: 1,
        total: 0,
        worthReading: 0,
        unmeasured: [],
        changes: [],
        services: [],
        anomalies: [],
        omitted: 0,
      };
    }
    const facts = new Map(events().map((event) => [event.key, event]));
    return {
      onset: ranked.onsetMs === null ? null : iso(ranked.onsetMs),
      novelty: ranked.novelty,
      total: ranked.changes.length,
      worthReading: ranked.worthReading,
      unmeasured: ranked.unmeasured ?? [],
      changes: ranked.changes.slice(0, limit).map(({ atMs, ...change }) => ({
        ...change,
        at: iso(atMs),
        ...briefDiff(facts.get(change.id)),
      })),
      services: ranked.services.slice(0, limit),
      anomalies: ranked.anomalies.slice(0, MOST_ANOMALIES).map(({ onsetMs, labels, ...anomaly }) => ({
        ...anomaly,
        version: labels?.['version'] ?? null,
        onset: iso(onsetMs),
      })),
      omitted: Math.max(0, ranked.changes.length - limit),
    };
  },
  found: ({ total, worthReading, novelty, unmeasured }) =>
    `${total} changes in the window, ${worthReading} worth reading; ${
      unmeasured.length > 0
        ? `nothing is measured, ${unmeasured.join(', ')} did not answer`
        : `${Math.round(novelty * 100)} % that the cause is none of them`
    }`,
});

const MOST_ANOMALIES = 60;
const iso = (ms: number) => new Date(ms).toISOString();
