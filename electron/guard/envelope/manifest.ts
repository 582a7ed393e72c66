/**
 * `manifest.json`: which files an envelope is made of, and who signed for them. What is signed is the RFC 8785 form of
 * everything in it but the signature, so white space and the order of members mean nothing; the SHA-256 of the same
 * bytes is the envelope's digest. Pure.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { MANIFEST } from '../../../shared/formats/envelope-folder.ts';
import { fromBase64, toBase64 } from '../../ledger/note.ts';
import { isSignedBy, type Signer } from '../../platform/ed25519.ts';
import { Failure, messageOf } from '../../platform/failure.ts';

const base64Of = (bytes: number) =>
  z.string().refine((text) => fromBase64(text)?.length === bytes, `${bytes} bytes in Base64`);

/** Who signs: a name for people, a key for code. Only the key is ever compared. */
export const Signatory = z.strictObject({ name: z.string().trim().min(1).max(200), publicKey: base64Of(32) });
export type Signatory = z.infer<typeof Signatory>;

/** Versions are whole numbers, so that there is one answer to which of two is older. Text, for it is a name as well. */
export const EnvelopeVersion = z.string().regex(/^[1-9][0-9]{0,8}$/, 'a whole number from 1');

export const MOST_FILES = 500;

/** Everything that is signed. A list and no object of files: there is no path that means something to JavaScript. */
const Body = z.strictObject({
  format: z.literal('countersign.manifest/1'),
  version: EnvelopeVersion,
  signedAt: z.iso.datetime({ precision: 3 }),
  signer: Signatory,
  files: z
    .array(z.strictObject({ path: z.string().min(1).max(200), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .min(1)
    .max(MOST_FILES)
    .refine((files) => new Set(files.map(({ path }) => path)).size === files.length, 'each file once'),
});
export type ManifestBody = z.infer<typeof Body>;

export const Manifest = Body.extend({ signature: base64Of(64) });
export type Manifest = z.infer<typeof Manifest>;

/** @throws Failure `bad_input` naming the member that does not hold. */
export function parseManifest(text: string): Manifest {
  const parsed = Manifest.safeParse(asJson(text));
  if (parsed.success) return parsed.data;
  throw new Failure('bad_input', `${MANIFEST} does not hold: ${z.prettifyError(parsed.error)}`, parsed.error);
}

/** Signs for exactly these files. */
export function signManifest(
  about: { version: string; signedAtMs: number; name: string; files: ReadonlyMap<string, Uint8Array> },
  signer: Signer,
): Manifest {
  const body = Body.parse({
    format: 'countersign.manifest/1',
    version: about.version,
    signedAt: new Date(about.signedAtMs).toISOString(),
    signer: { name: about.name, publicKey: toBase64(signer.publicKey) },
    files: [...about.files]
      .map(([path, bytes]) => ({ path, sha256: sha256(bytes) }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  });
  return { ...body, signature: toBase64(signer.sign(signedBytes(body))) };
}

/** As it is written to disk: for people and `git diff`. */
export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

/** The envelope's digest: lower-case hex SHA-256 of what is signed. */
export const digestOf = ({ signature: _signature, ...body }: Manifest): string => sha256(signedBytes(body));

/** Whether the key it names signed it. Says nothing about whether that key is trusted. */
export function hasItsSignature({ signature, ...body }: Manifest): boolean {
  const key = fromBase64(body.signer.publicKey);
  const signed = fromBase64(signature);
  return key !== undefined && signed !== undefined && isSignedBy(key, signedBytes(body), signed);
}

/** What differs between the manifest and the files that were read, in words; undefined when nothing does. */
export function differenceFrom(
  { files: signed }: Pick<Manifest, 'files'>,
  read: ReadonlyMap<string, Uint8Array>,
): string | undefined {
  const digests = new Map(signed.map(({ path, sha256: digest }) => [path, digest]));
  for (const [path, bytes] of read) {
    const digest = digests.get(path);
    if (digest === undefined) return `${path} was added after it was signed`;
    if (digest !== sha256(bytes)) return `${path} was altered after it was signed`;
  }
  const missing = signed.find(({ path }) => !read.has(path));
  return missing && `${missing.path} is missing`;
}

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

function signedBytes(body: ManifestBody): Uint8Array {
  const text = canonicalize(body);
  if (text === undefined) throw new Error('A manifest always has a canonical form');
  return Buffer.from(text);
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure('bad_input', `${MANIFEST} is not JSON: ${messageOf(error)}`, error);
  }
}
