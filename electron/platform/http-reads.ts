import { skewMeter } from './clock-skew.ts';
import type { Exchange } from './http-exchange.ts';
import { fetchReply, type HttpReply } from './http-reply.ts';
import { readPolicy } from './read-policy.ts';

/** The questions to one system: asked as the policy has it, and the clock of the other side noticed by the way. */
export type HttpReads = {
  /** `understand` throws for an answer that is none; the question may then be asked again. */
  read<T>(
    question: { exchange(): Promise<Exchange> | Exchange; maxBytes: number; understand(reply: HttpReply): T },
    signal: AbortSignal,
  ): Promise<T>;
  /** How far the clock of the system is ahead of ours, in milliseconds; null before it has answered. */
  skewMs(): number | null;
};

export function httpReads(options: { system: string; isOurs(): boolean }): HttpReads {
  const policy = readPolicy(options);
  const skew = skewMeter();
  return {
    skewMs: skew.read,
    read: ({ exchange, maxBytes, understand }, signal) =>
      policy.read(async () => {
        const asking = await exchange();
        const sentMs = Date.now();
        const reply = await fetchReply(asking, maxBytes);
        skew.note(reply.headers.date, sentMs, Date.now());
        return understand(reply);
      }, signal),
  };
}

/** On this machine, where nobody else depends on how often it is asked. */
export const isLoopback = ({ hostname }: URL): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
