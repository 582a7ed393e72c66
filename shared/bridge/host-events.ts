import { z } from 'zod';
import { AnalystRun, AnalystStep } from '../vocabulary/analyst.ts';
import { Candidates } from '../vocabulary/candidate.ts';
import { Escalation } from '../vocabulary/escalation.ts';
import { Event } from '../vocabulary/event.ts';
import { Hypothesis } from '../vocabulary/hypothesis.ts';
import { IncidentId } from '../vocabulary/ids.ts';
import { Incident } from '../vocabulary/incident.ts';
import { RoomMemory } from '../vocabulary/memory.ts';
import { Proposal, Recheck } from '../vocabulary/proposal.ts';
import { SentRequest } from '../vocabulary/sent.ts';
import { HostStatus } from '../vocabulary/status.ts';
import { Topology } from '../vocabulary/topology.ts';

/** Everything the host tells a screen without being asked. Each carries the whole new state of what it names. */
export const HostEvent = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('status.changed'), status: HostStatus }),
  z.strictObject({ name: z.literal('incident.changed'), incident: Incident }),
  z.strictObject({ name: z.literal('timeline.added'), incident: IncidentId, events: z.array(Event) }),
  z.strictObject({ name: z.literal('timeline.pinned'), incident: IncidentId, pinned: z.array(z.string()) }),
  z.strictObject({
    name: z.literal('candidates.changed'),
    incident: IncidentId,
    candidates: Candidates,
    topology: Topology,
  }),
  /** New samples can be read; whoever shows charts reads them again. */
  z.strictObject({ name: z.literal('metrics.changed'), incident: IncidentId }),
  z.strictObject({ name: z.literal('analyst.step'), step: AnalystStep }),
  z.strictObject({
    name: z.literal('analyst.changed'),
    incident: IncidentId,
    run: AnalystRun.omit({ steps: true }),
  }),
  z.strictObject({
    name: z.literal('hypotheses.changed'),
    incident: IncidentId,
    hypotheses: z.array(Hypothesis),
  }),
  z.strictObject({ name: z.literal('proposal.changed'), proposal: Proposal }),
  z.strictObject({ name: z.literal('proposal.rechecked'), recheck: Recheck }),
  /** Something leaves this machine for a model. */
  z.strictObject({ name: z.literal('sent.added'), request: SentRequest }),
  z.strictObject({ name: z.literal('escalation.changed'), escalation: Escalation }),
  z.strictObject({ name: z.literal('memory.changed'), incident: IncidentId, memory: RoomMemory }),
]);
export type HostEvent = z.infer<typeof HostEvent>;

/**
 * An event on the wire. `seq` rises by one with each event of a connection; a screen that sees a gap reads the room
 * again.
 */
export const StreamedEvent = z.strictObject({ seq: z.number().int().nonnegative(), event: HostEvent });
export type StreamedEvent = z.infer<typeof StreamedEvent>;
