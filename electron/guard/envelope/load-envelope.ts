import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Envelope } from '../../../shared/formats/envelope.ts';
import { Failure, messageOf } from '../../platform/failure.ts';
import { demandBounded } from '../cedar/bounded-text.ts';
import { checkPolicies } from '../cedar/check-policies.ts';
import { demandUniqueIds, policiesIn, preparePolicies } from '../cedar/prepare-policies.ts';
import { prepareWindows } from '../windows/prepared-windows.ts';
import type { LoadedEnvelope } from './loaded-envelope.ts';
import { sha256 } from './manifest.ts';
import { type Folder, readFolder, textOf } from './read-folder.ts';

const ENVELOPE = 'envelope.yaml';
const SCHEMA = 'schema.cedarschema';

/**
 * Reads the envelope in a folder, signed or not, under a digest of its files: to look at it. What is in force says
 * `judgeFolder`.
 * @throws Failure `bad_input` naming the file, the member and what is expected; there is no half-read envelope.
 */
export function loadEnvelope(dir: string): LoadedEnvelope {
  const folder = readFolder(dir);
  return loadFolder(folder, contentDigest(folder));
}

/** The envelope in the bytes of a folder, under the digest that was signed. @throws Failure as `loadEnvelope`. */
export function loadFolder({ dir, files }: Folder, digest: string): LoadedEnvelope {
  const texts = [...files].map(([path, bytes]) => [path, textOf(dir, path, bytes)] as const);
  return loadFrom(new Map(texts), dir, digest);
}

/**
 * The envelope that the given files make. Nothing is read: what was checked and signed is what is judged by.
 * @throws Failure `bad_input` as `loadEnvelope`.
 */
export function loadFrom(files: ReadonlyMap<string, string>, dir: string, digest: string): LoadedEnvelope {
  const envelope = envelopeIn(join(dir, ENVELOPE), demandFile(files, ENVELOPE, dir));
  const schema = demandFile(files, SCHEMA, dir);
  demandBounded(join(dir, SCHEMA), schema);
  const policies = [...files]
    .filter(([path]) => /^policies\/[^/]+\.cedar$/.test(path))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, text]) => policiesIn(path, text));
  demandUniqueIds(policies);
  // A warning is a mistake somebody made: a policy that can never apply, or whose text only looks like another.
  const { errors, warnings } = checkPolicies(policies, schema);
  const findings = [...errors, ...warnings];
  if (findings.length > 0) {
    throw new Failure('bad_input', `The policies in ${dir} do not hold: ${findings.slice(0, 5).join('; ')}`);
  }
  return {
    envelope,
    policies,
    schema,
    prepared: preparePolicies(policies, schema),
    windows: prepareWindows(envelope),
    digest,
    files: Object.fromEntries(files),
    dir,
  };
}

function envelopeIn(file: string, text: string): Envelope {
  const parsed = Envelope.safeParse(readYaml(file, text));
  if (parsed.success) return parsed.data;
  throw new Failure(
    'bad_input',
    `The envelope ${file} does not hold: ${z.prettifyError(parsed.error)}`,
    parsed.error,
  );
}

function demandFile(files: ReadonlyMap<string, string>, path: string, dir: string): string {
  const text = files.get(path);
  if (text === undefined) throw new Failure('bad_input', `The envelope lacks ${join(dir, path)}`);
  return text;
}

function contentDigest({ files }: Folder): string {
  const hash = createHash('sha256');
  for (const [path, bytes] of files) hash.update(JSON.stringify([path, sha256(bytes)]));
  return hash.digest('hex');
}

function readYaml(file: string, text: string): unknown {
  try {
    return parse(text, plainMember, { maxAliasCount: 0 });
  } catch (cause) {
    throw new Failure('bad_input', `The envelope ${file} is not YAML: ${messageOf(cause)}`, cause);
  }
}

/** A schema would pass over a member of this name, and with it over whatever condition it stands for. */
function plainMember(name: unknown, value: unknown): unknown {
  if (name === '__proto__') throw new Error('no member may be called __proto__');
  return value;
}
