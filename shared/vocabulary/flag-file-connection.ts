import { z } from 'zod';
import { FlagScope, NewConnection } from './connection.ts';
import { wholePathOf } from './whole-path.ts';

/** A file of flags to watch, as OpenFeature's flagd takes it. It holds no secret. */
export const NewFlagFile = z.strictObject({
  kind: z.literal('flagd'),
  name: NewConnection.shape.name,
  /** On the machine that Countersign runs on. */
  path: wholePathOf('a file'),
  /** What the flags are in; production where nobody says otherwise. */
  environment: FlagScope.shape.environments.unwrap().element.optional(),
});
export type NewFlagFile = z.infer<typeof NewFlagFile>;
