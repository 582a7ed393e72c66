import { suspicionsIn } from '../../../shared/formats/suspicious-text.ts';
import type { Message, Outgoing, ToolResult } from '../model-client.ts';
import { FENCE_RULE, fenced } from './fence.ts';
import { type Masked, type MaskerPorts, masker } from './masking/masker.ts';

/** Masks every message and puts the result of each tool into a fence of its own, the same each time it is sent. */
export function outgoing(ports: MaskerPorts & { randomMark(): string }): Outgoing {
  const { mask, restored } = masker(ports);
  const marks = new Map<string, string>();
  /** A conversation grows at its end; what went out once goes out the same again, and is not looked through anew. */
  const ready = new WeakMap<Message, Message>();

  function markOf(result: ToolResult): string {
    const key = `${result.call} ${result.text}`;
    const mark = marks.get(key) ?? ports.randomMark();
    marks.set(key, mark);
    return mark;
  }

  return {
    async prepare(request) {
      const fresh = request.messages.filter((message) => !ready.has(message));
      const masked = await mask(fresh.map(outgoingParts));
      for (const [index, message] of fresh.entries())
        ready.set(message, withParts(message, masked[index], markOf));
      const messages = request.messages.map((message) => {
        const prepared = ready.get(message);
        if (!prepared) throw new Error('Nothing goes out that was not looked through');
        return prepared;
      });
      return {
        request: { ...request, system: `${request.system}\n\n${FENCE_RULE}`, messages },
        restore: restored,
      };
    },
  };
}

/** The parts of a message that can hold anything; ids and names of tools are ours. */
function outgoingParts(message: Message): Masked {
  switch (message.role) {
    case 'user':
      return { value: message, by: 'others' };
    case 'assistant':
      return { value: [message.text, ...message.calls.map(({ input }) => input)], by: 'model' };
    case 'tools':
      return { value: message.results.map(({ text }) => parsed(text)), by: 'others' };
    default:
      return message satisfies never;
  }
}

/** INVARIANT: `masked` has the shape of `outgoingParts(message)`: masking changes strings and nothing else. */
function withParts(message: Message, masked: unknown, markOf: (result: ToolResult) => string): Message {
  switch (message.role) {
    case 'user':
      return { ...(masked as typeof message), role: 'user' };
    case 'assistant': {
      const [text, ...inputs] = masked as [string, ...unknown[]];
      return {
        ...message,
        text,
        calls: message.calls.map((call, index) => ({ ...call, input: inputs[index] })),
      };
    }
    case 'tools':
      return {
        ...message,
        results: message.results.map((result, index) => {
          const data = (masked as unknown[])[index];
          const text = typeof data === 'string' ? data : JSON.stringify(data);
          return { ...result, text: fenced(text, markOf(result), labelOf(result)) };
        }),
      };
    default:
      return message satisfies never;
  }
}

const labelOf = ({ source, outsider, text }: ToolResult) => ({
  source: source ?? 'unknown',
  outsider: outsider ?? ['*'],
  suspicious: suspicionsIn(text).length > 0,
});

/** A result is one JSON document; what is none is masked as one text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
