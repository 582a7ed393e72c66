import { z } from 'zod';
import { AnalystRun } from './analyst.ts';
import { Candidates } from './candidate.ts';
import { Escalation } from './escalation.ts';
import { Event } from './event.ts';
import { Hypothesis } from './hypothesis.ts';
import { Incident } from './incident.ts';
import { RoomMemory } from './memory.ts';
import { Proposal, Recheck } from './proposal.ts';
import { Topology } from './topology.ts';

/** Everything one incident shows, as of one moment; the event stream carries it on from there. */
export const Room = z.strictObject({
  incident: Incident,
  /** The newest; `earlier` of them stand before these and are read page by page. */
  events: z.array(Event),
  earlier: z.number().int().nonnegative(),
  /** Keys of events that a person keeps in view. */
  pinned: z.array(z.string()),
  candidates: Candidates.nullable(),
  topology: Topology,
  analyst: AnalystRun,
  hypotheses: z.array(Hypothesis),
  proposals: z.array(Proposal),
  rechecks: z.array(Recheck),
  escalations: z.array(Escalation),
  /** Null where comparing takes long and was not done yet: to be asked for when the events are there. */
  memory: RoomMemory.nullable(),
});
export type Room = z.infer<typeof Room>;
