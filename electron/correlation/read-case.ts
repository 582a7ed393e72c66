import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { z } from 'zod';
import { CaseFile } from '../../shared/formats/case.ts';
import { Failure, messageOf } from '../platform/failure.ts';

/** 500 services with a dozen series each over 24 h in steps of 15 s stay below; what is larger is not a case. */
const MOST_BYTES = 384 * 1024 * 1024;

/**
 * Reads a case file, `.json` or `.json.gz` (told by its first bytes, not by its name).
 * @throws Failure `bad_input` naming the file, the first member that does not hold and what is expected there.
 */
export async function readCase(path: string, mostBytes: number = MOST_BYTES): Promise<CaseFile> {
  const document = parseJson(path, await unpack(path, await readBytes(path, mostBytes), mostBytes));
  const parsed = CaseFile.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new Failure('bad_input', `${path} is not a case file: ${sentenceOf(parsed.error)}`, parsed.error);
}

async function readBytes(path: string, mostBytes: number): Promise<Buffer> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Failure('bad_input', `${path} is not a file; name one .json or .json.gz`);
    if (found.size > mostBytes) throw tooLarge(path, mostBytes);
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const because = isMissing(cause) ? 'there is no such file' : messageOf(cause);
    throw new Failure('bad_input', `${path} cannot be read: ${because}`, cause);
  }
}

/** INVARIANT: no more than `mostBytes` are unpacked, whatever the packed size promises. */
async function unpack(path: string, bytes: Buffer, mostBytes: number): Promise<string> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip) return bytes.toString('utf8');
  try {
    return (await promisify(gunzip)(bytes, { maxOutputLength: mostBytes })).toString('utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(path, mostBytes);
    throw new Failure('bad_input', `${path} is damaged: its gzip data cannot be unpacked`, cause);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    // A byte order mark is not JSON, yet some exporters write one.
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (cause) {
    throw new Failure('bad_input', `${path} is not JSON: ${messageOf(cause)}`, cause);
  }
}

const tooLarge = (path: string, mostBytes: number): Failure =>
  new Failure(
    'bad_input',
    `${path} is larger than the ${Math.floor(mostBytes / 1024 / 1024)} MiB a case may have; export a shorter window`,
  );

const isMissing = (cause: unknown): boolean => codeOf(cause) === 'ENOENT';

const codeOf = (cause: unknown): unknown =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;

function sentenceOf({ issues }: z.ZodError): string {
  const [first, ...others] = issues;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return `at ${placeOf(first?.path ?? [])}: ${first?.message ?? ''}${more}`;
}

/** `metrics[3].values` as a person would write it. */
function placeOf(path: readonly PropertyKey[]): string {
  const place = path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
  return place === '' ? 'the document' : place;
}
