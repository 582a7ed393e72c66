import { z } from 'zod';
import { AnalystChoice, Effort, type ModelSettings } from '../../shared/vocabulary/model.ts';
import { type Kept, useKept } from '../ui/draft.ts';

/** What an empty box of a number is in a form, JSON has no word for. */
const Entered = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

/** Settings as they are being written: a number may be missing and a text be half an address. No key is among them. */
const Unfinished = z.object({
  real: AnalystChoice,
  drill: AnalystChoice,
  chosen: z.object({
    baseUrl: z.string(),
    model: z.string(),
    maxTokens: Entered,
    contextTokens: Entered,
    effort: Effort,
  }),
  limits: z.object({
    turns: Entered,
    reads: Entered,
    tokens: Entered,
    usd: Entered,
    wallSeconds: Entered,
  }),
  prices: z.array(
    z.object({
      model: z.string(),
      perMillion: z.object({ input: Entered, output: Entered, cacheRead: Entered, cacheWritten: Entered }),
      source: z.string(),
      date: z.string(),
    }),
  ),
  maskAddresses: z.boolean(),
});

/** The settings in the form: those in force until something is written, which is kept until it is saved. */
export const useModelDraft = (inForce: ModelSettings): Kept<ModelSettings> =>
  useKept('settings.model', inForce, (kept) => Unfinished.safeParse(kept).data);
