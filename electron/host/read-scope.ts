import type { Envelope } from '../../shared/formats/envelope.ts';
import { fitsAny } from '../guard/pattern.ts';

/** What connections may read, as the envelope has it at this moment. */
export type ReadScope = {
  namespace(name: string): boolean;
  metrics(): readonly string[];
  /** Matchers that every stream of logs must fit. */
  logs(): readonly string[];
  /** By name or by address: a pattern of the envelope with `*`, whatever the case. */
  refusesHost(host: string): boolean;
};

/**
 * Follows the envelope in force. While none is, the last one that was still holds: an envelope that somebody broke must not
 * open what it had closed.
 */
export function readScope(reads: () => Envelope['reads'] | null): ReadScope {
  let last: Envelope['reads'] | null = null;
  const now = (): Envelope['reads'] | null => {
    last = reads() ?? last;
    return last;
  };
  return {
    namespace: (name) => fitsAny(now()?.namespaces ?? ['*'], name),
    metrics: () => now()?.metrics ?? [],
    logs: () => now()?.logs ?? [],
    refusesHost: (host) =>
      fitsAny(now()?.refusedHosts.map((pattern) => pattern.toLowerCase()) ?? [], host.toLowerCase()),
  };
}
