import type { HostEvent } from '../../shared/bridge/host-events.ts';

/** One way out of the host: whoever listens hears every event in order. A listener that throws harms no other. */
export function eventStream(onListenerError: (error: unknown) => void) {
  const listeners = new Set<(event: HostEvent) => void>();
  return {
    publish(event: HostEvent): void {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          onListenerError(error);
        }
      }
    },
    subscribe(listener: (event: HostEvent) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
