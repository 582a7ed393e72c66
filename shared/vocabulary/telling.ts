import { z } from 'zod';
import { EpochMs } from './ids.ts';

/** What people can be told of while they look elsewhere. */
export const Occasion = z.enum(['incident', 'escalation', 'proposal', 'stop', 'outcome']);
export type Occasion = z.infer<typeof Occasion>;

/** Which occasions, each once; none where it is switched off. */
const Occasions = z
  .array(Occasion)
  .max(Occasion.options.length)
  .refine((all) => new Set(all).size === all.length, 'each occasion once');

/** Where links lead, when not to the desktop application: the address under which people reach this Countersign. */
export const LinkBase = z
  .url({ protocol: /^https?$/, error: 'an http:// or https:// address' })
  .max(300)
  .transform((text) => text.replace(/\/+$/, ''))
  .refine((text) => !/[|<>\s#?@]/.test(text), 'an address without user, query or fragment');

/** A webhook as a person enters it. Whoever knows its address can write there, so it goes straight into the vault. */
export const NewWebhook = z.strictObject({
  name: z.string().trim().min(1).max(80),
  url: z.string().trim().min(1).max(2_000),
  tells: Occasions.min(1, 'choose at least one occasion'),
  drills: z.boolean(),
});
export type NewWebhook = z.infer<typeof NewWebhook>;

export const DesktopTelling = z.strictObject({ tells: Occasions, drills: z.boolean() });
export type DesktopTelling = z.infer<typeof DesktopTelling>;

/** What is chosen besides webhooks. */
export const TellingChoices = z.strictObject({ link: LinkBase.nullable(), desktop: DesktopTelling });
export type TellingChoices = z.infer<typeof TellingChoices>;

/** One place where people are told, as Settings shows it: a webhook, or this desktop. Its address is a secret. */
export const TellingTarget = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['webhook', 'desktop']),
  /** `file` targets come from telling.yaml and are changed there. */
  from: z.enum(['settings', 'file']),
  /** The host alone; null of the desktop, and of a webhook whose address cannot be read. */
  host: z.string().nullable(),
  occasions: z.array(Occasion),
  drills: z.boolean(),
  state: z.enum(['unused', 'told', 'failed']),
  sentence: z.string(),
  atMs: EpochMs.nullable(),
});
export type TellingTarget = z.infer<typeof TellingTarget>;

/** `problem`: why the file does not hold, and nobody is told by it. */
export const TellingView = z.strictObject({
  file: z.string(),
  problem: z.string().nullable(),
  choices: TellingChoices,
  /** Choices that the file makes; they cannot be made here. */
  fixed: z.strictObject({ link: z.boolean(), desktop: z.boolean() }),
  /** Whether this shell shows notifications of the desktop at all. */
  hasDesktop: z.boolean(),
  targets: z.array(TellingTarget),
});
export type TellingView = z.infer<typeof TellingView>;
