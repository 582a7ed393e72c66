import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CaseFile } from '../../shared/formats/case.ts';
import { Failure, messageOf } from '../platform/failure.ts';

/** A case of 500 services over 24 h stays far below; what is larger is not a case. */
const MOST_BYTES = 512 * 1024 * 1024;

/**
 * Reads a case file, `.json` or `.json.gz`.
 * @throws Failure `bad_input` naming the file, the first member that does not hold and what is expected there.
 */
export async function readCase(path: string): Promise<CaseFile> {
  const parsed = CaseFile.safeParse(parseJson(path, await readText(path)));
  if (parsed.success) return parsed.data;
  const [first, ...others] = parsed.error.issues;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  throw new Failure(
    'bad_input',
    `${path} is no countersign.case/1: ${placeOf(first?.path ?? [])}: ${first?.message ?? ''}${more}`,
    parsed.error,
  );
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw new Error(`it has ${size} bytes, more than ${MOST_BYTES}`);
    const bytes = await readFile(path);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (isGzip ? await promisify(gunzip)(bytes, { maxOutputLength: MOST_BYTES }) : bytes).toString(
      'utf8',
    );
  } catch (cause) {
    throw new Failure('bad_input', `${path} cannot be read: ${messageOf(cause)}`, cause);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure('bad_input', `${path} is not JSON: ${messageOf(cause)}`, cause);
  }
}

/** `metrics[3].values` as a person would write it. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  ) || 'the document';
