import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { Realm } from '../../../shared/vocabulary/ids.ts';
import { Failure, messageOf } from '../../platform/failure.ts';
import { readSettingsFile } from '../../platform/settings-file.ts';
import { type CosignerKey, parseCosignerKey } from './cosignature.ts';

export const WITNESSES = 'witnesses.yaml';

/** Secrets are named, never written: an environment variable, or a file that only its owner reads. */
const Secret = z.union([
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ file: absolutePath() }),
]);
export type Secret = z.infer<typeof Secret>;

const shared = {
  /** How the screen and the log call it; also names what is kept of it. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'use a-z, 0-9 and -, at most 40'),
  /** Drills are shown to a witness only where this says so. */
  realms: z.array(Realm).min(1).default(['real']),
};
/** The whole log, or only its newest signed head. */
const what = z.enum(['log', 'head']).default('log');

const WitnessSettings = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('folder'), ...shared, path: absolutePath(), what }),
  z.strictObject({
    kind: z.literal('https'),
    ...shared,
    url: safeUrl(),
    key: z
      .string()
      .transform((text, ctx): CosignerKey => {
        const key = parseCosignerKey(text);
        if (key) return key;
        ctx.addIssue({ code: 'custom', message: 'not an Ed25519 cosignature key, <name>+<id>+<base64>' });
        return z.NEVER;
      })
      .optional(),
  }),
  z.strictObject({
    kind: z.literal('s3'),
    ...shared,
    endpoint: safeUrl(),
    region: z.string().regex(/^[A-Za-z0-9-]{1,63}$/),
    bucket: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$/),
    prefix: z
      .string()
      .regex(
        /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/,
        'use letters, digits, . _ - and / between',
      )
      .max(200)
      .default('countersign'),
    what,
    accessKeyId: Secret,
    secretAccessKey: Secret,
    sessionToken: Secret.optional(),
  }),
]);
export type WitnessSettings = z.infer<typeof WitnessSettings>;

const File = z.strictObject({
  format: z.literal('countersign.witnesses/1'),
  witnesses: z
    .array(WitnessSettings)
    .max(20)
    .refine((list) => areDifferent(list.map(({ name }) => name)), 'two have the same name')
    .refine((list) => areDifferent(list.map(placeOf)), 'two have the same place'),
});

const areDifferent = (list: readonly string[]): boolean => new Set(list).size === list.length;

function placeOf(witness: WitnessSettings): string {
  switch (witness.kind) {
    case 'folder':
      return resolve(witness.path);
    case 'https':
      return new URL(witness.url).href;
    case 's3':
      return [new URL(witness.endpoint).href, witness.bucket, witness.prefix].join(' ');
  }
}

/**
 * Reads `<data dir>/witnesses.yaml`; none where there is no such file.
 * @throws Failure `bad_input` naming the file and the member that does not hold.
 */
export function readWitnessSettings(dataDir: string): WitnessSettings[] {
  return readSettingsFile(join(dataDir, WITNESSES), File, 'no witness is used')?.witnesses ?? [];
}

/** @throws Failure `bad_input` naming what is not there, never what is. */
export function secretOf(secret: Secret, witness: string, env: NodeJS.ProcessEnv = process.env): string {
  if ('env' in secret) {
    const value = env[secret.env];
    if (value) return value;
    throw new Failure(
      'bad_input',
      `The witness “${witness}” wants a secret from the environment variable ${secret.env}, which is not set. Set it and start again.`,
    );
  }
  try {
    return readFileSync(secret.file, 'utf8').trim();
  } catch (error) {
    throw new Failure(
      'bad_input',
      `The witness “${witness}” wants a secret from ${secret.file}, which cannot be read: ${messageOf(error)}. Make it readable for this user.`,
      error,
    );
  }
}

function absolutePath() {
  return z.string().refine(isAbsolute, 'a full path, beginning at the root');
}

/** Heads are no secret, but who answers for a witness must be who it says it is. */
function safeUrl() {
  return z.string().refine((text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, hostname, username, password, search, hash } = new URL(text);
    if (username || password || search || hash) return false;
    return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  }, 'an https:// address without credentials or query (http:// only on this machine)');
}

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
