import { z } from 'zod';

/** A scenario as offered before a drill: no answer in it. */
export const ScenarioSummary = z.strictObject({
  name: z.string(),
  title: z.string(),
  story: z.string(),
  difficulty: z.number().int().min(1).max(5),
});
export type ScenarioSummary = z.infer<typeof ScenarioSummary>;
