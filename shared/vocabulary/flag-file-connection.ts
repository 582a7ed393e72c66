import { z } from 'zod';
import { FlagScope, NewConnection } from './connection.ts';

/** A file of flags to watch, as OpenFeature's flagd takes it. It holds no secret. */
export const NewFlagFile = z.strictObject({
  kind: z.literal('flagd'),
  name: NewConnection.shape.name,
  /** On the machine that Countersign runs on. */
  path: z
    .string()
    .trim()
    .regex(/^(\/|[A-Za-z]:[\\/])[^\0]*$/, 'the whole path of a file, from the root')
    .max(1_000),
  /** What the flags are in; production where nobody says otherwise. */
  environment: FlagScope.shape.environments.unwrap().element.optional(),
});
export type NewFlagFile = z.infer<typeof NewFlagFile>;
