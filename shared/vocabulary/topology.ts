import { z } from 'zod';

/** What things are called and who calls whom. Ids are the names under which metrics and changes report. */
export const Topology = z.strictObject({
  services: z.array(
    z.strictObject({
      id: z.string(),
      namespace: z.string().nullable(),
      /** 1 is the most important; null when nothing says. */
      tier: z.number().int().min(1).max(5).nullable(),
      /** The machines that its pods run on, where a cluster tells. */
      nodes: z.array(z.string()).optional(),
    }),
  ),
  calls: z.array(z.strictObject({ from: z.string(), to: z.string() })),
});
export type Topology = z.infer<typeof Topology>;
