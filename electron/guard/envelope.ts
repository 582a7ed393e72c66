import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Envelope } from '../../shared/formats/envelope.ts';
import type { EnvelopeView } from '../../shared/vocabulary/envelope.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import { conditionInWords } from './condition-words.ts';

/** An envelope as the guard holds it: what it says, and the SHA-256 (hex) of the very bytes that said it. */
export type LoadedEnvelope = { envelope: Envelope; digest: string; file: string; text: string };

/**
 * Reads `<dir>/envelope.yaml`.
 * @throws Failure `bad_input` naming the file, the member and what is expected; there is no half-read envelope.
 */
export function loadEnvelope(dir: string): LoadedEnvelope {
  const file = join(dir, 'envelope.yaml');
  const text = readText(file);
  const parsed = Envelope.safeParse(readYaml(file, text));
  if (!parsed.success) {
    throw new Failure(
      'bad_input',
      `The envelope ${file} does not hold: ${z.prettifyError(parsed.error)}`,
      parsed.error,
    );
  }
  return { envelope: parsed.data, digest: createHash('sha256').update(text).digest('hex'), file, text };
}

/** The envelope in words, for the screen. */
export function envelopeView({ envelope, digest, file }: LoadedEnvelope): EnvelopeView {
  const { limits } = envelope;
  return {
    version: envelope.version,
    digest,
    where: file,
    mayPropose: envelope.actions.map(
      ({ name, environments, bounds }) =>
        `${name} in ${environments.join(', ')}${bounds ? ` within ${inWords(bounds)}` : ''}`,
    ),
    tiers: envelope.tiers.map(({ when, tier }) => `${capitalised(conditionInWords(when))}: ${tier}`),
    limits: [
      `At most ${limits.executionsPerTargetAndHour} executions on one target within an hour`,
      `An offer expires after ${limits.proposalExpiresMinutes} min`,
      `After ${limits.failuresInARow} failures in a row only back-outs are offered`,
      ...envelope.freezes.map(({ name, from, to }) => `Frozen for ${name} from ${from} to ${to}`),
    ],
  };
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const inWords = (record: object) =>
  Object.entries(record)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure('bad_input', `The envelope ${file} cannot be read: ${messageOf(cause)}`, cause);
  }
}

function readYaml(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new Failure('bad_input', `The envelope ${file} is not YAML: ${messageOf(cause)}`, cause);
  }
}
