import { z } from 'zod';
import type { Message, ToolResult } from './model-client.ts';

/** Results of the newest turns that stay whole whatever they weigh: the model has only just asked for them. */
const NEWEST_KEPT = 2;

/** What is left of a result that gave way: enough to cite it, and to know that it can be read again. */
const Gone = z.object({ compacted: z.literal(true) });

/**
 * The same conversation, small enough for the model: from the oldest on, results that nothing rests on give way to a
 * line that says so, until less than half of the room is taken, so that it need not happen at each turn. INVARIANT: the
 * messages keep their order and number, each call its result, and a result that a hypothesis or a proposal cites stays
 * byte for byte. What is left may still be too much; then the model says so.
 */
export function compacted(messages: readonly Message[], mostCharacters: number): readonly Message[] {
  let weight = weightOf(messages);
  if (weight <= mostCharacters) return messages;
  const cited = textOfWishes(messages);
  const newest = new Set(messages.filter(({ role }) => role === 'tools').slice(-NEWEST_KEPT));
  return messages.map((message) => {
    if (message.role !== 'tools' || newest.has(message)) return message;
    const results = message.results.map((result) => {
      if (weight <= mostCharacters / 2) return result;
      const read = readIn(result);
      if (read === null || cited.includes(read)) return result;
      const short = { ...result, text: placeholder(read, result.text.length) };
      if (short.text.length >= result.text.length) return result;
      weight -= result.text.length - short.text.length;
      return short;
    });
    return { ...message, results };
  });
}

export const weightOf = (messages: readonly Message[]): number =>
  messages.reduce((sum, message) => sum + weightOfOne(message), 0);

function weightOfOne(message: Message): number {
  switch (message.role) {
    case 'user':
      return message.text.length;
    case 'assistant':
      return message.text.length + message.calls.reduce((sum, { input }) => sum + textOf(input).length, 0);
    case 'tools':
      return message.results.reduce((sum, { text }) => sum + text.length, 0);
  }
}

/** Everything the model wrote into calls: a read whose id stands there is cited, by whichever tool. */
const textOfWishes = (messages: readonly Message[]): string =>
  messages
    .flatMap((message) =>
      message.role === 'assistant' ? message.calls.map(({ input }) => textOf(input)) : [],
    )
    .join('\n');

const textOf = (input: unknown): string => JSON.stringify(input) ?? '';

const Read = z.object({ read: z.string().min(1) });

/** The id by which a result can be cited; null when it has none, and then it says what cannot be read again. */
function readIn({ text, failed }: ToolResult): string | null {
  if (failed) return null;
  try {
    const value: unknown = JSON.parse(text);
    return Gone.safeParse(value).success ? null : (Read.safeParse(value).data?.read ?? null);
  } catch {
    return null;
  }
}

const placeholder = (read: string, characters: number): string =>
  JSON.stringify({
    compacted: true,
    read,
    omitted: `${characters} characters that nothing rested on were taken out; ask again if you need them`,
  });
