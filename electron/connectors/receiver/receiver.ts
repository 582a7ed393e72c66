import { createHmac } from 'node:crypto';
import type { ConnectionTest } from '../../../shared/vocabulary/connection.ts';
import type { ReceiverPlace } from '../../../shared/vocabulary/receiver-place.ts';
import type { SenderReport } from '../../../shared/vocabulary/receiver-sender.ts';
import type { Clock } from '../../platform/clock.ts';
import { messageOf } from '../../platform/failure.ts';
import { type Logger, silentLogger } from '../../platform/logger.ts';
import type { ChangeSource, Connector } from '../source.ts';
import { addressesOf, hostOf } from './addresses.ts';
import { alertBox } from './alert-box.ts';
import { descriptionOf } from './description.ts';
import { type DeliveredChange, inbox } from './inbox.ts';
import { routesOf } from './routes.ts';
import { type SenderKey, senderBook } from './sender-book.ts';
import { defaultLimits, type EventServer, type Limits, openServer } from './server.ts';

export type ReceiverOptions = {
  id: string;
  name: string;
  /** Where it listens, and what it takes there; port 0 for any free one. */
  place: ReceiverPlace;
  /** Who may post, each by its own secret; the others are known by no other. */
  senders: readonly SenderKey[];
  /** Dates what comes without a time; a drill has a time of its own. */
  clock?: Pick<Clock, 'now'>;
  logger?: Logger;
  limits?: Partial<Limits>;
  /** The machine's own time, in milliseconds since the epoch: it ends old secrets, in drills as well. */
  machineMs?: () => number;
};

export type Receiver = Connector & {
  changes: ChangeSource;
  /** Takes effect at once; what comes of the others goes on as it was. */
  senders: { put(sender: SenderKey): void; remove(id: string): void; report(): SenderReport };
  /** Listens, if it does not yet, and says where: one address for each thing it takes. Throws the `Failure` of a port that cannot be opened. */
  open(): Promise<{ urls: string[] }>;
  close(): Promise<void>;
};

type Listener = Parameters<ChangeSource['stream']>[0];

const retryMs = 5_000;

/**
 * Takes what others post: changes as CloudEvents, as webhooks of GitHub and as notifications of Argo CD, and alerts as the
 * webhook of Alertmanager (docs/events.md). It listens from the first `stream` or `open` to the last stop, and reaches out
 * to nobody.
 */
export function receiver(options: ReceiverOptions): Receiver {
  const { id, name, place, clock, logger = silentLogger, machineMs = Date.now } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const book = senderBook({ burst: limits.burst, perSecond: limits.perSecond, machineMs });
  for (const sender of options.senders) book.put(sender);
  const box = inbox({ source: name, now: () => clock?.now() ?? Date.now() });
  const alerts = alertBox();
  const routes = new Map(
    Object.entries(
      routesOf({
        mostBytes: limits.mostBytes,
        take(received, from) {
          const { receipt, fresh } = box.take(received, from);
          deliver(fresh);
          return receipt;
        },
        takeAlerts: alerts.take,
      }),
    ).filter(([kind]) => place.takes.some((one) => one === kind)),
  );
  const takesAlerts = place.takes.includes('alertmanager');
  const listeners = new Set<Listener>();
  let opening: Promise<EventServer> | undefined;
  /** The port is free again once this is done. */
  let closing: Promise<void> = Promise.resolve();

  function deliver(observations: DeliveredChange[]): void {
    if (observations.length === 0) return;
    for (const { onObservations } of listeners) onObservations(observations);
  }

  function open(): Promise<EventServer> {
    opening ??= closing
      .then(() =>
        openServer({
          host: hostOf(place),
          port: place.port,
          senders: book,
          routes,
          limits,
          // Its message could quote what was sent; its name cannot.
          onDefect: (error) =>
            logger.error({ source: id, error: error instanceof Error ? error.name : '' }, 'an event failed'),
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
      const { urls } = await open();
      const { accepted, repeated, ignored } = box.totals();
      const where = inWords(urls);
      return {
        ok: true,
        sentence: wasOpen ? `Listening at ${where}.` : `Nothing else uses the port; it listens at ${where}.`,
        version: null,
        latencyMs: null,
        sees: wasOpen
          ? [
              `${accepted} changes received`,
              `${ignored} events of no interest`,
              `${repeated} repeated`,
              ...(takesAlerts ? [`${alerts.count()} alerts firing`] : []),
            ]
          : [],
      };
    } catch (error) {
      if (await answersAt(place, options.senders))
        return {
          ok: true,
          sentence: `Listening at ${inWords(addressesOf(place).map(({ url }) => url))}, with these secrets.`,
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
    describe: () => descriptionOf(place.takes),
    test,
    health: () => ({ skewMs: null, sentence: book.trouble() }),
    senders: {
      put: book.put,
      remove(sender) {
        book.remove(sender);
        alerts.leave(sender);
      },
      report: book.report,
    },
    changes: { backfill: async (window) => box.within(window), stream },
    ...(takesAlerts ? { alerts: alerts.source(open) } : {}),
    async open() {
      const { urls } = await open();
      return { urls };
    },
    close,
  };
}

const inWords = (urls: readonly string[]): string => urls.join(', ');

/** Whether a receiver with the first of these secrets answers there: what is no JSON is refused, and only after the secret was. */
async function answersAt(place: ReceiverPlace, [sender]: readonly SenderKey[]): Promise<boolean> {
  const address = addressesOf(place).find(({ kind }) => sender?.sends.includes(kind));
  if (!sender || !address) return false;
  try {
    const body = '[';
    const reply = await fetch(address.url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${sender.secret}`,
        'x-hub-signature-256': `sha256=${createHmac('sha256', sender.secret).update(body).digest('hex')}`,
        'content-type': address.kind === 'events' ? 'application/cloudevents-batch+json' : 'application/json',
      },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(2_000),
    });
    return reply.status === 400;
  } catch {
    return false;
  }
}
