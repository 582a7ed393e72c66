import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { Failure, messageOf } from './failure.ts';

/**
 * Reads a file of settings that a person wrote, in YAML (of which JSON is a part); undefined where there is none.
 * `until` says what does not happen until it is mended.
 * @throws Failure `bad_input` naming the file and the member that does not hold.
 */
export function readSettingsFile<S extends z.ZodType>(
  path: string,
  schema: S,
  until: string,
): z.output<S> | undefined {
  if (!existsSync(path)) return undefined;
  const parsed = schema.safeParse(readYaml(path, until));
  if (parsed.success) return parsed.data;
  throw new Failure(
    'bad_input',
    `${path} does not hold, so ${until}: ${z.prettifyError(parsed.error)}\n${REMEDY}`,
    parsed.error,
  );
}

function readYaml(path: string, until: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Failure(
      'bad_input',
      `${path} cannot be read, so ${until}: ${messageOf(cause)}. ${REMEDY}`,
      cause,
    );
  }
}

const REMEDY = 'Mend it and start again.';
