import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';

const Text = z.strictObject({ type: z.literal('text'), text: z.string() });
const ToolUse = z.strictObject({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
});
/** Signed by the model's server, which refuses a conversation where they were changed or left out. */
const Thinking = z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() });
const Redacted = z.strictObject({ type: z.literal('redacted_thinking'), data: z.string() });

/** What a turn consisted of, in the order it came. */
export const OwnContent = z.array(z.discriminatedUnion('type', [Text, ToolUse, Thinking, Redacted])).min(1);
export type OwnContent = z.infer<typeof OwnContent>;

/** The blocks of a turn of this client; null for a turn that another client made. */
export const ownContent = (own: unknown): Anthropic.ContentBlockParam[] | null =>
  OwnContent.safeParse(own).data ?? null;
