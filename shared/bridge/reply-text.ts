import { Reply } from './contract.ts';

/**
 * A reply as it crosses HTTP: JSON on one line. JSON that the host passes on unread (`EventPage`) follows on a line of its
 * own: within the reply each of its quotes would be escaped, and read twice.
 */
export function replyText(reply: Reply): string {
  if (!reply.ok || !holdsJson(reply.value)) return JSON.stringify(reply);
  const { json, ...rest } = reply.value;
  return `${JSON.stringify({ ok: true, value: rest })}\n${json}`;
}

/** The reply that a text is. @throws SyntaxError or ZodError for a text that is none. */
export function replyIn(text: string): Reply {
  const end = text.indexOf('\n');
  if (end < 0) return Reply.parse(JSON.parse(text));
  const reply = Reply.parse(JSON.parse(text.slice(0, end)));
  return reply.ok ? { ok: true, value: { ...Object(reply.value), json: text.slice(end + 1) } } : reply;
}

const holdsJson = (value: unknown): value is { json: string } =>
  typeof value === 'object' && value !== null && 'json' in value && typeof value.json === 'string';
