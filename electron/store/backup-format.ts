/**
 * What a backup folder is: copies of the files that make an installation, and a list that names each with its digest.
 * INVARIANT: only the names below are ever read from a backup or written by a restore, so no list can lead elsewhere.
 */
import { z } from 'zod';
import { isEnvelopeFile } from '../../shared/formats/envelope-folder.ts';
import { Realm } from '../../shared/vocabulary/ids.ts';

export const LIST = 'backup.json';

/** The data file of each realm, and the file with its keys and the head of its log. */
const DataName = z.enum(['countersign.db', 'drills.db', 'vault.json', 'drill-keys.json']);
/** What people write for an installation; secrets are named there and lie elsewhere. */
export const SettingsName = z.enum(['connections.yaml', 'witnesses.yaml', 'retention.yaml']);
/** The folder of its own envelope, put in place as a whole. */
export const ENVELOPE = 'envelope';
const EnvelopeName = z
  .templateLiteral([`${ENVELOPE}/`, z.string()])
  .refine((name) => isEnvelopeFile(name.slice(ENVELOPE.length + 1)), 'no file of an envelope');
export const BackupName = z.union([DataName, SettingsName, EnvelopeName]);
export type BackupName = z.infer<typeof BackupName>;

/** What a restore puts in place by one renaming. */
export type PlacedName = z.infer<typeof DataName> | z.infer<typeof SettingsName> | typeof ENVELOPE;
export const placedNameOf = (name: BackupName): PlacedName => (isOfEnvelope(name) ? ENVELOPE : name);

const isOfEnvelope = (name: BackupName): name is z.infer<typeof EnvelopeName> =>
  name.startsWith(`${ENVELOPE}/`);

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
    .max(1_000)
    .refine((files) => new Set(files.map(({ name }) => name)).size === files.length, 'a file is named twice'),
  logs: z.array(BackedUpLog).max(Realm.options.length),
});
export type BackupList = z.infer<typeof BackupList>;
