import type { z } from 'zod';
import { Refusal } from './refusal.ts';

/** Where in a request a value stands: `''` for the body, `[3]` in a batch, `ce-` for headers, `data` for an event's data. */
export type Place = string;

/**
 * The value, as the schema has it.
 * @throws Refusal 400 naming the first member that does not hold and what is expected there, never what was sent.
 */
export function holding<S extends z.ZodType>(schema: S, value: unknown, place: Place): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const name = placeOf(place, first?.path ?? []);
  throw new Refusal(400, `${name === '' ? 'The body' : name}: ${expected(first)}.`);
}

function placeOf(place: Place, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' || text.endsWith('-') ? `${text}${String(part)}` : `${text}.${String(part)}`;
  }, place);
}

/** Messages of the schemas speak of types and bounds; those of unknown members would repeat a name that was sent. */
function expected(issue: z.core.$ZodIssue | undefined): string {
  if (!issue || issue.code === 'unrecognized_keys' || issue.code === 'invalid_key') return 'not as expected';
  return issue.message.replace(/\.$/, '');
}
