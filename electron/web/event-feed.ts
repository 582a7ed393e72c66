import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { HostEvent, StreamedEvent } from '../../shared/bridge/host-events.ts';
import type { Host } from '../host/host.ts';
import type { SignIn } from './sign-in.ts';

/** The close code that tells a screen to sign in (4000–4999 are the application's own, RFC 6455 §7.4.2). */
export const NOT_SIGNED_IN = 4401;
/** Try again later (IANA WebSocket close codes): too many screens, or one that reads too slowly. */
export const TRY_LATER = 1013;
const POLICY = 1008;
/** Events kept for a socket that has not shown its token yet. */
const MAX_WAITING = 1_000;

export type FeedLimits = {
  /** How long an unsigned socket may wait with its token. */
  tokenWithinMs: number;
  pingEveryMs: number;
  /** What a screen may leave unread before it is let go; it reads everything anew when it comes back. */
  maxUnreadBytes: number;
  /** How long a screen that is let go may take to read why. */
  goodbyeWithinMs: number;
  maxSockets: number;
};

const defaults: FeedLimits = {
  tokenWithinMs: 3_000,
  pingEveryMs: 20_000,
  maxUnreadBytes: 8 * 1_048_576,
  goodbyeWithinMs: 2_000,
  maxSockets: 64,
};

export type EventFeed = {
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
};

/** Host events over WebSockets, each signed in by its first message `{ "token": <tab token> }`. */
export function eventFeed(
  host: Pick<Host, 'subscribe'>,
  signIn: SignIn,
  limits: Partial<FeedLimits> = {},
): EventFeed {
  const { tokenWithinMs, pingEveryMs, maxUnreadBytes, goodbyeWithinMs, maxSockets } = {
    ...defaults,
    ...limits,
  };
  const server = new WebSocketServer({ noServer: true, maxPayload: 4_096, perMessageDeflate: false });

  function serve(socket: WebSocket): void {
    // Listening starts before the browser learns that the socket is open, so that whatever a screen reads once it is
    // open, no event after that is missed. Until the token came they wait here.
    let waiting: HostEvent[] | null = [];
    let tab = '';
    let seq = 0;
    let answered = true;
    const stop = host.subscribe(hear);
    const deadline = setTimeout(() => socket.close(NOT_SIGNED_IN, 'no token came'), tokenWithinMs);
    const pulse = setInterval(() => {
      if (!answered) return socket.terminate();
      if (waiting === null && !signIn.holds(tab)) return socket.close(NOT_SIGNED_IN, 'signed out');
      answered = false;
      socket.ping();
    }, pingEveryMs);

    function hear(event: HostEvent): void {
      if (waiting === null) send(event);
      else if (waiting.push(event) > MAX_WAITING) letGo();
    }

    function send(event: HostEvent): void {
      if (socket.readyState !== socket.OPEN) return;
      const streamed: StreamedEvent = { seq, event };
      seq += 1;
      socket.send(JSON.stringify(streamed));
      if (socket.bufferedAmount > maxUnreadBytes) letGo();
    }

    /** The goodbye waits behind what is unread; a screen that never reads is cut off. */
    function letGo(): void {
      stop();
      socket.close(TRY_LATER, 'this screen reads too slowly');
      setTimeout(() => socket.terminate(), goodbyeWithinMs).unref();
    }

    socket.once('message', (data, isBinary) => {
      const first = isBinary ? undefined : tokenIn(String(data));
      if (first === undefined || !signIn.isSignedIn(first))
        return socket.close(NOT_SIGNED_IN, 'not signed in');
      clearTimeout(deadline);
      tab = first;
      socket.on('message', () => socket.close(POLICY, 'this stream takes one message'));
      const held = waiting ?? [];
      waiting = null;
      for (const event of held) send(event);
    });
    socket.on('pong', () => {
      answered = true;
    });
    // A broken frame or a reset; `close` follows and ends what belongs to this socket.
    socket.on('error', () => socket.terminate());
    socket.once('close', () => {
      clearTimeout(deadline);
      clearInterval(pulse);
      stop();
    });
  }

  return {
    accept(request, socket, head) {
      server.handleUpgrade(request, socket, head, (opened) => {
        if (server.clients.size > maxSockets) return opened.close(TRY_LATER, 'too many screens');
        serve(opened);
      });
    },
    close() {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

const FirstMessage = z.strictObject({ token: z.string().max(200) });

function tokenIn(text: string): string | undefined {
  try {
    return FirstMessage.safeParse(JSON.parse(text)).data?.token;
  } catch {
    return undefined; // Not JSON, so no token.
  }
}
