import type Anthropic from '@anthropic-ai/sdk';
import type { ChosenModel } from '../../../shared/vocabulary/model.ts';
import type { Message, ToolCall, ToolResult, TurnRequest } from '../model-client.ts';
import { ownContent } from './own-content.ts';

type Body = Anthropic.MessageCreateParamsStreaming;
type Said = { role: 'user' | 'assistant'; content: Anthropic.ContentBlockParam[] };

/** Read from the cache at a tenth of the price as long as nothing before it changed: what stands still comes first. */
const CACHED = { type: 'ephemeral' } as const;

/** A turn as the Messages API takes it. Marked for the cache: tools, instructions, and the conversation up to here. */
export function requestBody({ system, messages, tools }: TurnRequest, chosen: ChosenModel): Body {
  const said = messages.map(messageParam);
  // The end of this turn is written to the cache; the end of the turn before is where this one is read from it.
  for (const one of said.filter(({ role }) => role === 'user').slice(-2)) markLast(one);
  return {
    model: chosen.model,
    max_tokens: chosen.maxTokens,
    stream: true,
    system: [{ type: 'text', text: system, cache_control: CACHED }],
    tools: tools.map(({ name, purpose, inputSchema }, place) => ({
      name,
      description: purpose,
      input_schema: inputSchema as Anthropic.Tool.InputSchema,
      ...(place === tools.length - 1 ? { cache_control: CACHED } : {}),
    })),
    messages: said,
    ...(chosen.effort === 'default' ? {} : { output_config: { effort: chosen.effort } }),
  };
}

function messageParam(message: Message): Said {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: [text(message.text)] };
    case 'assistant':
      return {
        role: 'assistant',
        content: ownContent(message.own) ?? contentOf(message.text, message.calls),
      };
    case 'tools':
      return { role: 'user', content: message.results.map(resultBlock) };
  }
}

/** An empty text is refused, and so is a message of nothing. */
function contentOf(said: string, calls: readonly ToolCall[]): Anthropic.ContentBlockParam[] {
  const blocks: Anthropic.ContentBlockParam[] = said.trim() === '' ? [] : [text(said)];
  blocks.push(
    ...calls.map(({ id, name, input }) => ({ type: 'tool_use' as const, id, name, input: given(input) })),
  );
  return blocks.length > 0 ? blocks : [text('(nothing was said)')];
}

/** What was no object when it came goes back as one that says so. */
const given = (input: unknown): object =>
  typeof input === 'object' && input !== null && !Array.isArray(input) ? input : { malformed: String(input) };

const text = (said: string): Anthropic.TextBlockParam => ({ type: 'text', text: said });

const resultBlock = ({ call, text: said, failed }: ToolResult): Anthropic.ToolResultBlockParam => ({
  type: 'tool_result',
  tool_use_id: call,
  content: said,
  ...(failed ? { is_error: true } : {}),
});

function markLast({ content }: Said): void {
  const last = content.at(-1);
  if (last && (last.type === 'text' || last.type === 'tool_result')) last.cache_control = CACHED;
}
