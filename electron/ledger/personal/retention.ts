/**
 * How long what is personal is kept: a settings file of rules by kind of entry and jurisdiction. Pure; described for those
 * who write the file in `docs/retention.md`.
 */
import { z } from 'zod';
import { EntryKind } from '../entry.ts';
import { PERSONAL } from './personal.ts';

const ERASABLE = EntryKind.options.filter((kind) => kind === 'read' || PERSONAL[kind] !== undefined);

export const RetentionRule = z.strictObject({
  /** The name that stands in the log for what it erased. */
  rule: z.string().regex(/^[\w.:-]{1,100}$/, 'a name of letters, digits, and . : _ -'),
  /** Where it applies; everywhere when left out. */
  jurisdictions: z.array(z.string().min(1).max(100)).min(1).optional(),
  kinds: z.array(z.enum(ERASABLE, { error: `one of ${ERASABLE.join(', ')}` })).min(1),
  /** Whole days, counted from the end of the incident, or from the entry where it is about none. */
  afterDays: z.number().int().min(1).max(36_500),
  /** What the rule rests on, such as the article of a law. */
  because: z.string().min(1).max(500),
});
export type RetentionRule = z.infer<typeof RetentionRule>;

export const Retention = z
  .strictObject({
    format: z.literal('countersign.retention/1'),
    jurisdiction: z.string().min(1).max(100),
    rules: z.array(RetentionRule).max(100),
  })
  .refine(({ rules }) => new Set(rules.map(({ rule }) => rule)).size === rules.length, {
    path: ['rules'],
    message: 'two rules have the same name',
  });
export type Retention = z.infer<typeof Retention>;

/** The rules that apply where this installation is. */
export const rulesInForce = ({ jurisdiction, rules }: Retention): RetentionRule[] =>
  rules.filter(({ jurisdictions }) => jurisdictions === undefined || jurisdictions.includes(jurisdiction));

const DAY_MS = 86_400_000;

/** Entries from before this moment are due under a rule. */
export const dueBefore = ({ afterDays }: RetentionRule, nowMs: number): number => nowMs - afterDays * DAY_MS;
