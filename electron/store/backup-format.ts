/**
 * What a backup folder is: copies of the files that make an installation, and a list that names each with its digest.
 * INVARIANT: only the names below are ever read from a backup or written by a restore, so no list can lead elsewhere.
 */
import { z } from 'zod';
import { Realm } from '../../shared/vocabulary/ids.ts';

export const LIST = 'backup.json';

/** The data file of each realm, and the file with its keys and the head of its log. */
export const BackupName = z.enum(['countersign.db', 'drills.db', 'vault.json', 'drill-keys.json']);
export type BackupName = z.infer<typeof BackupName>;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const BackedUpFile = z.strictObject({
  name: BackupName,
  /** In bytes. */
  size: z.int().nonnegative(),
  sha256: Sha256,
});
export type BackedUpFile = z.infer<typeof BackedUpFile>;

/** The log in a data file as it was copied; `origin` is null and `size` 0 where nothing was recorded yet. */
const BackedUpLog = z.strictObject({
  realm: Realm,
  origin: z.string().max(500).nullable(),
  size: z.int().nonnegative(),
  rootHex: z.string().regex(/^([0-9a-f]{64})?$/),
  /** Whether it held when it was copied. */
  holds: z.boolean(),
});
export type BackedUpLog = z.infer<typeof BackedUpLog>;

export const BackupList = z.strictObject({
  format: z.literal('countersign.backup/1'),
  at: z.iso.datetime(),
  /** The Countersign that took it. */
  version: z.string().max(100),
  files: z
    .array(BackedUpFile)
    .min(1)
    .refine((files) => new Set(files.map(({ name }) => name)).size === files.length, 'a file is named twice'),
  logs: z.array(BackedUpLog).max(Realm.options.length),
});
export type BackupList = z.infer<typeof BackupList>;
