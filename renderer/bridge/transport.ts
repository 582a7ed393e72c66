import type { CommandName, Reply } from '../../shared/bridge/contract.ts';
import type { StreamedEvent } from '../../shared/bridge/host-events.ts';

/** `signed-out`: the host wants a sign-in first. `lost`: it will be tried again without being asked. */
export type LinkState = 'connecting' | 'live' | 'lost' | 'signed-out';

export type Listener = { onEvent(streamed: StreamedEvent): void; onState(state: LinkState): void };

/** How calls reach the host and its events come back; the screen above does not know which shell it is in. */
export type Transport = {
  send(name: CommandName, input: unknown): Promise<Reply>;
  listen(listener: Listener): () => void;
};
