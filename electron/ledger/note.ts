/**
 * Checkpoints, byte for byte as C2SP `tlog-checkpoint` inside a C2SP `signed-note`, so that public tools read them:
 *
 *     countersign.local/real/log-3k1m0x9w2d      origin
 *     42                                         number of entries
 *     <base64 of the 32-byte root>
 *                                                blank line
 *     — <origin> <base64 of 4-byte key id and 64-byte Ed25519 signature>
 *
 * The signature covers the text before the blank line, its last newline included. Pure but for the hash and the curve.
 */
import { createHash } from 'node:crypto';
import { isSignedBy, type Signer } from '../platform/ed25519.ts';

export type Checkpoint = { origin: string; size: number; root: Uint8Array };

/** A key and the name it signs under; for a log that name is its origin. */
export type VerifierKey = { name: string; publicKey: Uint8Array };

/** Why a note does not hold is an answer, for the verifier reports it. */
export type Opened =
  | { ok: true; checkpoint: Checkpoint }
  | { ok: false; how: 'format' | 'key' | 'signature'; because: string };

/** INVARIANT: no `+`, no white space and no control character, or the note could be read in two ways. */
export const isNoteName = (name: string): boolean =>
  name.isWellFormed() && /^[^\s+\p{Cc}]{1,200}$/u.test(name);

export function signCheckpoint(checkpoint: Checkpoint, signer: Signer): string {
  if (!isNoteName(checkpoint.origin)) throw new Error('The origin of a log must be a plain name');
  const text = `${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.root)}\n`;
  const signature = signer.sign(Buffer.from(text));
  const id = keyId({ name: checkpoint.origin, publicKey: signer.publicKey });
  return `${text}\n${DASH} ${checkpoint.origin} ${toBase64(Buffer.concat([id, signature]))}\n`;
}

/** Checks the note against one key. Lines signed by others (witnesses) are left alone, as the format demands. */
export function openCheckpoint(note: string, key: VerifierKey): Opened {
  const parsed = parseNote(note);
  if (typeof parsed === 'string') return { ok: false, how: 'format', because: parsed };
  const checkpoint = parseCheckpoint(parsed.text);
  if (typeof checkpoint === 'string') return { ok: false, how: 'format', because: checkpoint };
  const id = keyId(key);
  const own = parsed.signatures.filter(
    (line) => line.name === key.name && Buffer.compare(line.keyId, id) === 0,
  );
  if (own.length === 0)
    return { ok: false, how: 'key', because: `it is not signed by the key of ${key.name}` };
  const text = Buffer.from(parsed.text);
  if (!own.every(({ signature }) => isSignedBy(key.publicKey, text, signature))) {
    return { ok: false, how: 'signature', because: `its signature by ${key.name} is wrong` };
  }
  return { ok: true, checkpoint };
}

/** Reads what a note claims without checking who signed it. */
export function readCheckpoint(note: string): Checkpoint | undefined {
  const parsed = parseNote(note);
  const checkpoint = typeof parsed === 'string' ? parsed : parseCheckpoint(parsed.text);
  return typeof checkpoint === 'string' ? undefined : checkpoint;
}

/** The key as one line of text, `<name>+<key id in hex>+<base64 of algorithm byte and key>`, as note tools take it. */
export const verifierKeyText = (key: VerifierKey): string =>
  `${key.name}+${Buffer.from(keyId(key)).toString('hex')}+${toBase64(Buffer.concat([ED25519, key.publicKey]))}`;

export function parseVerifierKey(text: string): VerifierKey | undefined {
  const [, name, , encoded] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const bytes = fromBase64(encoded ?? '');
  if (!name || !isNoteName(name) || bytes?.length !== 33 || bytes[0] !== ED25519[0]) return undefined;
  const key = { name, publicKey: bytes.subarray(1) };
  return verifierKeyText(key) === text ? key : undefined;
}

/** C2SP signed-note: the first four bytes of SHA-256 over name, newline, algorithm byte and key. */
export const keyId = ({ name, publicKey }: VerifierKey): Uint8Array =>
  createHash('sha256').update(`${name}\n`).update(ED25519).update(publicKey).digest().subarray(0, 4);

export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Undefined unless the text is the one and only base64 form of its bytes: a note has a single spelling. */
export function fromBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined;
}

const DASH = '\u2014';
const ED25519 = Uint8Array.of(1);
/** A note longer than this is not one of ours, and nobody should spend memory on it. */
const LONGEST_NOTE = 64 * 1024;

type Signature = { name: string; keyId: Uint8Array; signature: Uint8Array };

function parseNote(note: string): { text: string; signatures: Signature[] } | string {
  if (note.length > LONGEST_NOTE) return 'it is too long for a note';
  if (!note.isWellFormed() || /[^\P{Cc}\n]/u.test(note)) return 'it contains control characters';
  const blank = note.lastIndexOf('\n\n');
  if (blank === -1 || !note.endsWith('\n')) return 'it is not a signed note';
  const lines = note.slice(blank + 2, -1).split('\n');
  const signatures = lines.map(parseSignature).filter((line) => line !== undefined);
  if (signatures.length !== lines.length) return 'a signature line is malformed';
  return { text: note.slice(0, blank + 1), signatures };
}

function parseSignature(line: string): Signature | undefined {
  const [dash, name, encoded, ...rest] = line.split(' ');
  const bytes = fromBase64(encoded ?? '');
  if (dash !== DASH || !name || !isNoteName(name) || !bytes || bytes.length < 5 || rest.length > 0)
    return undefined;
  return { name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** Extension lines may follow; nothing here uses them, and the signature covers them. */
function parseCheckpoint(text: string): Checkpoint | string {
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n');
  if (!origin) return 'it names no origin';
  if (!size || !/^(0|[1-9][0-9]{0,15})$/.test(size) || !Number.isSafeInteger(Number(size)))
    return 'its size is no number';
  const hash = fromBase64(root ?? '');
  if (hash?.length !== 32) return 'its root is no hash';
  if (extensions.includes('')) return 'it contains an empty line';
  return { origin, size: Number(size), root: hash };
}
