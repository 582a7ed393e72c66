import { z } from 'zod';
import { EpochMs, IncidentId } from './ids.ts';
import { ChangeKind } from './kinds.ts';

/**
 * One dated fact on the timeline. `key` is stable at its source, so that a source may deliver twice and the timeline
 * still holds it once. A change's key is the id under which it is ranked.
 */
const fact = {
  key: z.string().min(1).max(400),
  atMs: EpochMs,
  service: z.string().nullable(),
  title: z.string().max(500),
  detail: z.string().max(8_000).optional(),
  /** The connection, person or part of Countersign that brought it. */
  source: z.string(),
  labels: z.record(z.string(), z.string()).optional(),
  /** Nobody watched it: rebuilt afterwards from what the system still held. */
  reconstructed: z.literal(true).optional(),
  /** SHA-256 of what the source delivered of it, as it is kept beside the timeline. */
  payload: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
};

/** What one field was before and after a change. */
export const FieldDiff = z.strictObject({
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type FieldDiff = z.infer<typeof FieldDiff>;

export const SignalObservation = z.strictObject({
  ...fact,
  kind: z.literal('signal'),
  sort: z.enum(['alert', 'metric', 'log', 'kubernetes', 'symptom']),
  severity: z.enum(['info', 'warning', 'critical']),
  endedMs: EpochMs.nullable().optional(),
  /** An alert of a rule fires at most so long after its condition began to hold, which is when it is dated. */
  firesWithinMs: z.number().int().nonnegative().optional(),
  /** The fingerprints under which an alert arrives at Alertmanagers, where its labels are changed on the way. */
  sentAs: z.array(z.string().max(100)).max(20).optional(),
  /** Keys under which other connections told the same alert, where they date its start otherwise. */
  toldAlso: z.array(fact.key).max(20).optional(),
});

export const ChangeObservation = z.strictObject({
  ...fact,
  kind: z.literal('change'),
  change: ChangeKind,
  actor: z.string().optional(),
  diff: z.array(FieldDiff).optional(),
});
export type ChangeObservation = z.infer<typeof ChangeObservation>;

/** What became of a note after it was written; each text it had stands on record. */
export const NoteTrace = z.strictObject({
  what: z.enum(['edited', 'deleted']),
  by: z.string(),
  atMs: EpochMs,
});
export type NoteTrace = z.infer<typeof NoteTrace>;

/** `detail`, where there is one, is the whole text, Markdown; else the title is. A deleted note has lost both. */
export const NoteObservation = z.strictObject({
  ...fact,
  kind: z.literal('note'),
  author: z.string(),
  trace: z.array(NoteTrace).optional(),
  /** It states what a person decided, and is not theirs to rewrite. */
  fixed: z.boolean().optional(),
});

/** What Countersign itself did or was told, each backed by a ledger entry. */
export const RecordObservation = z.strictObject({
  ...fact,
  kind: z.literal('record'),
  sort: z.enum([
    'hypotheses',
    'proposal',
    'decision',
    'execution',
    'outcome',
    'escalation',
    'stop',
    'incident',
  ]),
  ref: z.string(),
});

/** A fact before it belongs to an incident: what connectors deliver. */
export const Observation = z.discriminatedUnion('kind', [
  SignalObservation,
  ChangeObservation,
  NoteObservation,
  RecordObservation,
]);
export type Observation = z.infer<typeof Observation>;

const ofIncident = { incident: IncidentId };
export const Event = z.discriminatedUnion('kind', [
  SignalObservation.extend(ofIncident),
  ChangeObservation.extend(ofIncident),
  NoteObservation.extend(ofIncident),
  RecordObservation.extend(ofIncident),
]);
export type Event = z.infer<typeof Event>;
export const EventKind = z.enum(['signal', 'change', 'note', 'record']) satisfies z.ZodType<Event['kind']>;
export type EventKind = z.infer<typeof EventKind>;
export type ChangeEvent = Extract<Event, { kind: 'change' }>;
export type NoteEvent = Extract<Event, { kind: 'note' }>;
export type SignalEvent = Extract<Event, { kind: 'signal' }>;
