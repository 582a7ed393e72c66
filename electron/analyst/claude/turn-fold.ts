import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';
import type { CutShort, Tokens, ToolCall, Turn } from '../model-client.ts';
import { OwnContent } from './own-content.ts';

/** The events of a stream that say something; whatever else a server sends is passed over. */
const Count = z.number().int().nonnegative();
const Usage = z.object({
  input_tokens: Count.nullish(),
  output_tokens: Count.nullish(),
  cache_creation_input_tokens: Count.nullish(),
  cache_read_input_tokens: Count.nullish(),
});
type Usage = z.infer<typeof Usage>;
const Block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('tool_use'), id: z.string().min(1).max(200), name: z.string().min(1).max(200) }),
  z.object({ type: z.literal('thinking'), thinking: z.string(), signature: z.string().default('') }),
  z.object({ type: z.literal('redacted_thinking'), data: z.string() }),
]);
const Delta = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text_delta'), text: z.string() }),
  z.object({ type: z.literal('input_json_delta'), partial_json: z.string() }),
  z.object({ type: z.literal('thinking_delta'), thinking: z.string() }),
  z.object({ type: z.literal('signature_delta'), signature: z.string() }),
]);
const Place = z.number().int().min(0).max(500);
const StreamEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message_start'), message: z.object({ usage: Usage }) }),
  z.object({ type: z.literal('content_block_start'), index: Place, content_block: Block }),
  z.object({ type: z.literal('content_block_delta'), index: Place, delta: Delta }),
  z.object({
    type: z.literal('message_delta'),
    delta: z.object({
      stop_reason: z.string().nullish(),
      stop_details: z.object({ explanation: z.string().nullish(), category: z.string().nullish() }).nullish(),
    }),
    usage: Usage.nullish(),
  }),
  z.object({ type: z.literal('message_stop') }),
]);

type Building =
  | { type: 'text'; text: string }
  | { type: 'tool_use'; id: string; name: string; json: string }
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'redacted_thinking'; data: string };

/** More than any model may answer; a server that goes on and on is cut off. */
const MOST_CHARACTERS = 2_000_000;

/**
 * Makes a turn of the events of a stream. The arguments of a call are parsed here and strictly: the SDK's own
 * accumulation mends broken JSON, and a call with half of its arguments is another call than the model made.
 */
export function turnFold() {
  const blocks = new Map<number, Building>();
  let usage: Usage = {};
  let stopReason: string | null = null;
  let details: string | null = null;
  let stopped = false;
  let characters = 0;

  function take(given: unknown): void {
    const event = StreamEvent.safeParse(given).data;
    if (!event) return;
    switch (event.type) {
      case 'message_start':
        usage = event.message.usage;
        return;
      case 'content_block_start':
        blocks.set(event.index, begun(event.content_block));
        return;
      case 'content_block_delta':
        grow(blocks.get(event.index), event.delta);
        return;
      case 'message_delta':
        stopReason = event.delta.stop_reason ?? stopReason;
        details = event.delta.stop_details?.explanation ?? event.delta.stop_details?.category ?? null;
        usage = { ...usage, ...present(event.usage) };
        return;
      case 'message_stop':
        stopped = true;
        return;
    }
  }

  function grow(block: Building | undefined, delta: z.infer<typeof Delta>): void {
    if (delta.type === 'text_delta' && block?.type === 'text') block.text += bounded(delta.text);
    if (delta.type === 'input_json_delta' && block?.type === 'tool_use')
      block.json += bounded(delta.partial_json);
    if (delta.type === 'thinking_delta' && block?.type === 'thinking')
      block.thinking += bounded(delta.thinking);
    if (delta.type === 'signature_delta' && block?.type === 'thinking')
      block.signature = bounded(delta.signature);
  }

  function bounded(piece: string): string {
    characters += piece.length;
    if (characters > MOST_CHARACTERS)
      throw new Failure(
        'bad_reply',
        `The model's server sent more than ${MOST_CHARACTERS} characters in one turn`,
      );
    return piece;
  }

  const inOrder = (): Building[] => [...blocks].sort(([a], [b]) => a - b).map(([, block]) => block);
  const text = (): string =>
    inOrder()
      .flatMap((block) => (block.type === 'text' ? [block.text] : []))
      .join('\n\n');

  return {
    take,
    /** The text so far. */
    text,
    /** The whole turn; null when the stream ended before the turn did. */
    turn(): Turn | null {
      if (!stopped) return null;
      const calls = inOrder().flatMap((block) => (block.type === 'tool_use' ? [callOf(block)] : []));
      const own = ownOf(inOrder());
      const cutShort = cutShortBy(stopReason, details);
      return {
        text: text().trim(),
        calls,
        tokens: tokensIn(usage),
        ...(cutShort ? { cutShort } : {}),
        ...(own ? { own } : {}),
      };
    },
  };
}

const begun = (block: z.infer<typeof Block>): Building =>
  block.type === 'tool_use' ? { ...block, json: '' } : { ...block };

/** Arguments that are no JSON stay the text they were: no tool takes a text, so its schema refuses it by name. */
function callOf({ id, name, json }: Extract<Building, { type: 'tool_use' }>): ToolCall {
  if (json.trim() === '') return { id, name, input: {} };
  try {
    return { id, name, input: JSON.parse(json) };
  } catch {
    return { id, name, input: json };
  }
}

/** Undefined when a call was malformed: then the turn is told anew from its text and its calls. */
function ownOf(blocks: readonly Building[]): OwnContent | undefined {
  const kept = blocks
    .filter((block) => block.type !== 'text' || block.text.trim() !== '')
    .map((block) => {
      if (block.type !== 'tool_use') return block;
      const { id, name, input } = callOf(block);
      return { type: block.type, id, name, input };
    });
  return OwnContent.safeParse(kept).data;
}

function cutShortBy(reason: string | null, details: string | null): CutShort | null {
  switch (reason) {
    case 'refusal':
      return {
        kind: 'refused',
        because: `the model refused to go on${details ? `: ${details.slice(0, 300)}` : ''}`,
      };
    case 'max_tokens':
      return { kind: 'answer-limit', because: 'its answers were cut off at their limit again and again' };
    case 'model_context_window_exceeded':
      return { kind: 'context-full', because: 'what was read no longer fits the context of the model' };
    case 'pause_turn':
      return { kind: 'paused', because: 'the model paused again and again' };
    default:
      return null;
  }
}

/** The API counts what was read from the cache and written to it beside the plain input; here they are part of it. */
function tokensIn(usage: Usage): Tokens | null {
  const { input_tokens: plain, output_tokens: output } = usage;
  if (plain == null && output == null) return null;
  const cacheRead = usage.cache_read_input_tokens ?? 0;
  const cacheWritten = usage.cache_creation_input_tokens ?? 0;
  return { input: (plain ?? 0) + cacheRead + cacheWritten, output: output ?? 0, cacheRead, cacheWritten };
}

const present = (usage: Usage | null | undefined): Usage =>
  Object.fromEntries(Object.entries(usage ?? {}).filter(([, count]) => count != null));
