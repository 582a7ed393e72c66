import { z } from 'zod';

/** Body of the first entry, `log.opened`. The key is null when the vault was still locked. */
export const OpenedBody = z.strictObject({ origin: z.string(), publicKey: z.base64().nullable() });
export type OpenedBody = z.infer<typeof OpenedBody>;

/** Body of a `key` entry: the key that signs this log from here on. */
export const KeyBody = z.strictObject({ publicKey: z.base64() });
export type KeyBody = z.infer<typeof KeyBody>;
