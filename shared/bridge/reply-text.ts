import { Reply } from './contract.ts';

/**
 * A reply as it crosses HTTP: JSON on one line. JSON that the host passes on unread (`EventPage`) follows on lines of its
 * own: within the reply each of its quotes would be escaped, and read twice.
 */
export function replyText(reply: Reply): string {
  if (!reply.ok || !holdsLines(reply.value)) return JSON.stringify(reply);
  const { jsonLines, ...rest } = reply.value;
  return `${JSON.stringify({ ok: true, value: rest })}\n${jsonLines}`;
}

/** The reply that a text is. @throws SyntaxError or ZodError for a text that is none. */
export function replyIn(text: string): Reply {
  const end = text.indexOf('\n');
  if (end < 0) return Reply.parse(JSON.parse(text));
  const reply = Reply.parse(JSON.parse(text.slice(0, end)));
  return reply.ok ? { ok: true, value: { ...Object(reply.value), jsonLines: text.slice(end + 1) } } : reply;
}

const holdsLines = (value: unknown): value is { jsonLines: string } =>
  typeof value === 'object' && value !== null && 'jsonLines' in value && typeof value.jsonLines === 'string';
