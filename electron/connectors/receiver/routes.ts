import type { ReceivedKind } from '../../../shared/vocabulary/receiver-place.ts';
import type { alertBox } from './alert-box.ts';
import { alertsIn } from './alertmanager-webhook.ts';
import { argoCdEvent } from './argo-cd.ts';
import { type Message, modeOf } from './cloud-event.ts';
import { receivedIn } from './cloud-events.ts';
import { githubEvent, signatureIn } from './github.ts';
import type { Receipt } from './inbox.ts';
import { demandJson } from './media-type.ts';
import type { Received } from './received.ts';
import type { KnownSender } from './sender-book.ts';

export type Route = {
  mostBytes: number;
  /** What a sender shows: its secret itself, or a signature of the body made with it (HMAC-SHA-256, in hex). */
  proof: 'token' | { signature(headers: Message['headers']): string };
  /** Looks at headers alone, before any of the body is read. @throws Refusal */
  demand(headers: Message['headers']): void;
  /** Reads all of it or throws a Refusal. `events` are counted against what may come at once; `take` cannot be refused half. */
  read(message: Message): { events: number; take(from: KnownSender): Receipt };
};

const KIB = 1_024;

/** What is taken at each address. */
export function routesOf(ports: {
  mostBytes: number;
  take(received: readonly Received[], from: KnownSender): Receipt;
  takeAlerts: ReturnType<typeof alertBox>['take'];
}): Record<ReceivedKind, Route> {
  const changes = (received: readonly Received[]) => ({
    events: received.length,
    take: (from: KnownSender) => ports.take(received, from),
  });
  return {
    events: {
      mostBytes: ports.mostBytes,
      proof: 'token',
      demand: (headers) => void modeOf({ headers }),
      read: (message) => changes(receivedIn(message)),
    },
    alertmanager: {
      mostBytes: 4 * ports.mostBytes,
      proof: 'token',
      demand: (headers) => demandJson(headers, 'Alertmanager does by itself.'),
      read(message) {
        const notices = alertsIn(message);
        return { events: 1, take: (from) => ports.takeAlerts(notices, from) };
      },
    },
    github: {
      mostBytes: 4 * ports.mostBytes,
      proof: { signature: signatureIn },
      demand: (headers) => demandJson(headers, 'Choose it as the content type of the webhook.'),
      read: (message) => changes([githubEvent(message)]),
    },
    'argo-cd': {
      mostBytes: 64 * KIB,
      proof: 'token',
      demand: (headers) => demandJson(headers, 'The headers of the webhook service say so.'),
      read: (message) => changes([argoCdEvent(message)]),
    },
  };
}
