import { z } from 'zod';
import { EpochMs, ProposalId, Realm } from './ids.ts';
import { WhyLine } from './ledger.ts';

/** A place in the ledger; null for what stands in no entry that could be found. */
const Entry = z.number().int().nonnegative().nullable();

/** A read that a sentence rests on: what was asked of which tool, and what it found. */
export const CitedRead = z.strictObject({
  id: z.string(),
  tool: z.string(),
  arguments: z.record(z.string(), z.json()),
  found: z.string(),
  entry: Entry,
});
export const CitedEvent = z.strictObject({
  key: z.string(),
  title: z.string(),
  atMs: EpochMs,
});

/** A sentence, the words it quotes, the reads these stand in, and the events it is about. */
export const CitedSentence = z.strictObject({
  sentence: z.string(),
  quotes: z.array(z.string()),
  reads: z.array(CitedRead),
  events: z.array(CitedEvent),
});
export type CitedSentence = z.infer<typeof CitedSentence>;

/** What led to a proposal, from the suggestion back to what was seen. */
export const WhySuggested = z.strictObject({
  proposal: ProposalId,
  realm: Realm,
  entry: Entry,
  proposedBy: z.string(),
  proposedMs: EpochMs,
  rationale: z.string(),
  evidence: z.array(CitedSentence),
  /** The hypothesis it follows from, as it was stated before; null for one that a person made of their own. */
  hypothesis: z
    .strictObject({
      claim: z.string(),
      confidence: z.number(),
      entry: Entry,
      for: z.array(CitedSentence),
      against: z.array(CitedSentence),
      gaps: z.array(z.string()),
    })
    .nullable(),
  /** Every entry of the ledger that led to it, a cause below what it led to. */
  chain: z.array(WhyLine),
});
export type WhySuggested = z.infer<typeof WhySuggested>;
