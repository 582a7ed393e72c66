import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { CaseFile } from '../../shared/formats/case.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import { JsonFault, jsonCutter } from './read-case-json.ts';
import { caseParts } from './read-case-parts.ts';

/** A thousand services with twenty series each over a day in steps of 15 s stay below; what is larger is not a case. */
const MOST_BYTES = 1024 * 1024 * 1024;
/** One series of some million samples, or all that stands beside the series. */
const limits = { mostDepth: 64, mostPieceBytes: 64 * 1024 * 1024 };

/**
 * Reads a case file, `.json` or `.json.gz` (told by its first bytes, not by its name), as its bytes come: beside what is
 * ranked no more is in memory than one of its series as text.
 * @throws Failure `bad_input` naming the file, the first member that does not hold and what is expected there.
 */
export async function readCase(path: string, mostBytes: number = MOST_BYTES): Promise<CaseFile> {
  const isPacked = await beginsPacked(path, mostBytes);
  return caseFrom(path, createReadStream(path, { highWaterMark: CHUNK_BYTES }), isPacked, mostBytes);
}

/** The same of a file that is in memory already, such as one that a screen handed over. */
export const caseIn = (name: string, bytes: Buffer, mostBytes: number): Promise<CaseFile> =>
  caseFrom(name, Readable.from([bytes]), isGzip(bytes), mostBytes);

async function caseFrom(
  path: string,
  file: Readable,
  isPacked: boolean,
  mostBytes: number,
): Promise<CaseFile> {
  const parts = caseParts();
  const cutter = jsonCutter(parts.pieces, limits);
  const take = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    let taken = 0;
    for await (const chunk of chunks) {
      taken += chunk.length;
      // INVARIANT: no more than so much is unpacked, whatever the packed size promises.
      if (taken > mostBytes) throw tooLarge(path, mostBytes);
      cutter.push(chunk);
    }
  };
  try {
    await (isPacked ? pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), take) : pipeline(file, take));
    cutter.end();
    return parts.case();
  } catch (cause) {
    throw failureOf(path, cause);
  }
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

const CHUNK_BYTES = 256 * 1024;

async function beginsPacked(path: string, mostBytes: number): Promise<boolean> {
  try {
    await using file = await open(path);
    const found = await file.stat();
    if (!found.isFile()) throw new Failure('bad_input', `${path} is not a file; name one .json or .json.gz`);
    if (found.size > mostBytes) throw tooLarge(path, mostBytes);
    const { buffer } = await file.read({ buffer: Buffer.alloc(2) });
    return isGzip(buffer);
  } catch (cause) {
    throw failureOf(path, cause);
  }
}

function failureOf(path: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  if (cause instanceof JsonFault) {
    const isNot = cause.kind === 'syntax' ? 'JSON' : 'a case file';
    return new Failure('bad_input', `${path} is not ${isNot}: at ${cause.place}: ${cause.message}`, cause);
  }
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  if (code.startsWith('Z_'))
    return new Failure('bad_input', `${path} is damaged: its gzip data cannot be unpacked`, cause);
  const because = code === 'ENOENT' ? 'there is no such file' : messageOf(cause);
  return new Failure('bad_input', `${path} cannot be read: ${because}`, cause);
}

const tooLarge = (path: string, mostBytes: number): Failure =>
  new Failure(
    'bad_input',
    `${path} is larger than the ${Math.floor(mostBytes / 1024 / 1024)} MiB a case may have; export a shorter window`,
  );
