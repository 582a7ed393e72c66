import type { Reply } from '../../shared/bridge/contract.ts';
import type { HostEvent } from '../../shared/bridge/host-events.ts';

/** What a shell holds of the host: one way in, one way out, and the end. */
export type Host = {
  /** Every call of every transport. Never throws; failures are values. */
  dispatch(name: string, input: unknown): Promise<Reply>;
  /** Events from now on, in order. Returns the way to stop listening. */
  subscribe(listener: (event: HostEvent) => void): () => void;
  /** The system says that the machine slept: what was missed meanwhile is read, once, whoever noticed it first. */
  woke(): void;
  /** Ends loops, flushes ledger and log, closes databases and connections. Safe to call twice. */
  close(): Promise<void>;
};
