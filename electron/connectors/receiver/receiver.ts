import type { ConnectionTest } from '../../../shared/vocabulary/connection.ts';
import type { ChangeObservation } from '../../../shared/vocabulary/event.ts';
import type { Clock } from '../../platform/clock.ts';
import { messageOf } from '../../platform/failure.ts';
import { type Logger, silentLogger } from '../../platform/logger.ts';
import type { ChangeSource, Connector } from '../source.ts';
import { description } from './description.ts';
import { inbox, type Receipt } from './inbox.ts';
import { type EventServer, type Limits, openServer } from './server.ts';

export type ReceiverOptions = {
  id: string;
  name: string;
  /** On 127.0.0.1; 0 for any free one. */
  port: number;
  /** What senders show as `Authorization: Bearer`. */
  token: string;
  /** Dates what comes without a time; a drill has a time of its own. */
  clock?: Pick<Clock, 'now'>;
  logger?: Logger;
  limits?: Partial<Limits>;
};

export type Receiver = Connector & {
  changes: ChangeSource;
  /** Listens, if it does not yet, and says where. Throws the `Failure` of a port that cannot be opened. */
  open(): Promise<{ url: string }>;
  close(): Promise<void>;
};

type Listener = Parameters<ChangeSource['stream']>[0];

const retryMs = 5_000;

/**
 * Takes CloudEvents that others post: CDEvents of deployments, and changes of any kind in Countersign's own words
 * (docs/events.md). It listens from the first `stream` or `open` to the last stop, and reaches out to nobody.
 */
export function receiver(options: ReceiverOptions): Receiver {
  const { id, name, port, token, clock, logger = silentLogger } = options;
  const box = inbox({ source: name, now: () => clock?.now() ?? Date.now() });
  const listeners = new Set<Listener>();
  let opening: Promise<EventServer> | undefined;
  /** The port is free again once this is done. */
  let closing: Promise<void> = Promise.resolve();

  function deliver(observations: ChangeObservation[]): void {
    if (observations.length === 0) return;
    for (const { onObservations } of listeners) onObservations(observations);
  }

  function open(): Promise<EventServer> {
    opening ??= closing
      .then(() =>
        openServer({
          port,
          token,
          take(events): Receipt {
            const { receipt, fresh } = box.take(events);
            deliver(fresh);
            return receipt;
          },
          // Its message could quote what was sent; its name cannot.
          onDefect: (error) =>
            logger.error({ source: id, error: error instanceof Error ? error.name : '' }, 'an event failed'),
          ...(options.limits ? { limits: options.limits } : {}),
        }),
      )
      .catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
    return opening;
  }

  function close(): Promise<void> {
    const ending = opening;
    opening = undefined;
    if (ending) closing = ending.then((server) => server.close()).catch(() => undefined);
    return closing;
  }

  function stream(listener: Listener): () => void {
    listeners.add(listener);
    let timer: NodeJS.Timeout | undefined;
    const tryToOpen = () =>
      open().then(
        () => {
          if (listeners.has(listener)) listener.onState({ up: true });
        },
        (error: unknown) => {
          if (!listeners.has(listener)) return;
          listener.onState({ up: false, because: messageOf(error) });
          timer = setTimeout(tryToOpen, retryMs).unref();
        },
      );
    void tryToOpen();
    return () => {
      clearTimeout(timer);
      listeners.delete(listener);
      if (listeners.size === 0) void close();
    };
  }

  /** Of a receiver that is not listening: whether it could. One that listens already under the same address counts. */
  async function test(): Promise<ConnectionTest> {
    const wasOpen = opening !== undefined;
    try {
      const { url } = await open();
      const { accepted, repeated, ignored } = box.totals();
      return {
        ok: true,
        sentence: wasOpen ? `Listening at ${url}.` : `Nothing else uses the port; it listens at ${url}.`,
        version: null,
        latencyMs: null,
        sees: wasOpen
          ? [`${accepted} changes received`, `${ignored} events of no interest`, `${repeated} repeated`]
          : [],
      };
    } catch (error) {
      if (await answersAt(port, token))
        return {
          ok: true,
          sentence: `Listening at http://127.0.0.1:${port}/events, with this token.`,
          version: null,
          latencyMs: null,
          sees: [],
        };
      return { ok: false, sentence: messageOf(error), version: null, latencyMs: null, sees: [] };
    } finally {
      if (!wasOpen && listeners.size === 0) await close();
    }
  }

  return {
    id,
    kind: 'receiver',
    name,
    describe: () => description,
    test,
    changes: { backfill: async (window) => box.within(window), stream },
    async open() {
      const { url } = await open();
      return { url };
    },
    close,
  };
}

/** Whether a receiver with this token answers at the port: a batch without events changes nothing. */
async function answersAt(port: number, token: string): Promise<boolean> {
  try {
    const reply = await fetch(`http://127.0.0.1:${port}/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json' },
      body: '[]',
      redirect: 'error',
      signal: AbortSignal.timeout(2_000),
    });
    return reply.status === 202;
  } catch {
    return false;
  }
}
