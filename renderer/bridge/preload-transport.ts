import { Reply } from '../../shared/bridge/contract.ts';
import { StreamedEvent } from '../../shared/bridge/host-events.ts';
import type { PreloadBridge } from './preload-bridge.ts';
import type { Transport } from './transport.ts';

/** The desktop application: the host is in the same process tree, so the link is up as long as the window is. */
export function preloadTransport(bridge: PreloadBridge): Transport {
  return {
    send: async (name, input) => Reply.parse(await bridge.call(name, input)),
    listen({ onEvent, onState }) {
      const stop = bridge.subscribe((streamed) => onEvent(StreamedEvent.parse(streamed)));
      onState('live');
      return stop;
    },
  };
}
