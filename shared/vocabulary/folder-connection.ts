import { z } from 'zod';
import { NewConnection } from './connection.ts';
import { wholePathOf } from './whole-path.ts';

/** A folder into whose files others write changes, a line each. It holds no secret. */
export const NewFolder = z.strictObject({
  kind: z.literal('folder'),
  name: NewConnection.shape.name,
  /** On the machine that Countersign runs on. */
  folder: wholePathOf('a folder'),
});
export type NewFolder = z.infer<typeof NewFolder>;
