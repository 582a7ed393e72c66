/** What a witness answers with: signature lines over a checkpoint, as C2SP `tlog-cosignature` has them. Pure. */
import { createHash } from 'node:crypto';
import { isSignedBy } from '../../platform/ed25519.ts';
import { fromBase64, isNoteName, readCheckpoint } from '../note.ts';

export type CosignerKey = { name: string; publicKey: Uint8Array };

/** A key as a witness publishes it, `<name>+<key id in hex>+<base64 of 0x04 and key>`; undefined for any other. */
export function parseCosignerKey(text: string): CosignerKey | undefined {
  const [, name = '', id, encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const bytes = fromBase64(encoded);
  if (!isNoteName(name) || bytes?.length !== 33 || bytes[0] !== COSIGNATURE_V1) return undefined;
  const key = { name, publicKey: bytes.subarray(1) };
  return idOf(key).toString('hex') === id ? key : undefined;
}

/**
 * The lines of `reply` worth keeping behind `note`: those that hold by `key`, or any well-formed ones where no key is
 * known. Empty when the reply shows nothing.
 */
export function cosignaturesIn(reply: string, note: string, key: CosignerKey | undefined): string[] {
  const lines = reply.endsWith('\n') ? reply.slice(0, -1).split('\n') : [];
  if (lines.length > MOST_LINES) return [];
  return lines.filter((line) => (key ? isCosignedBy(key, line, note) : isSignatureLine(line, note)));
}

/** The note with the lines of others behind the log's own. */
export const withLines = (note: string, lines: readonly string[]): string =>
  note + lines.map((line) => `${line}\n`).join('');

const COSIGNATURE_V1 = 4;
const MOST_LINES = 16;

const isSignatureLine = (line: string, note: string): boolean =>
  LINE.test(line) && readCheckpoint(withLines(note, [line])) !== undefined;

const LINE = /^\u2014 (\S+) ([A-Za-z0-9+/]+=*)$/;

function isCosignedBy(key: CosignerKey, line: string, note: string): boolean {
  const [, name, encoded = ''] = LINE.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  // Four bytes of key id, eight of time in seconds, the signature.
  if (name !== key.name || bytes?.length !== 4 + 8 + 64) return false;
  if (Buffer.compare(bytes.subarray(0, 4), idOf(key)) !== 0) return false;
  const seconds = Buffer.from(bytes.subarray(4, 12)).readBigUInt64BE();
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
  return isSignedBy(
    key.publicKey,
    Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`),
    bytes.subarray(12),
  );
}

const idOf = ({ name, publicKey }: CosignerKey): Buffer =>
  createHash('sha256')
    .update(`${name}\n`)
    .update(Uint8Array.of(COSIGNATURE_V1))
    .update(publicKey)
    .digest()
    .subarray(0, 4);
