import { StreamedEvent } from '../../shared/bridge/host-events.ts';
import { quickParse } from '../../shared/bridge/quick-check.ts';
import { replyIn } from '../../shared/bridge/reply-text.ts';
import type { Listener, Transport } from './transport.ts';

/** The close code with which the host says that this tab is not signed in. */
const NOT_SIGNED_IN = 4401;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;
const readStreamed = quickParse(StreamedEvent);

/** The web shell: calls over HTTP, events over one WebSocket that is opened again whenever it breaks. */
export function loopbackTransport(tab: string): Transport {
  return {
    async send(name, input) {
      try {
        const reply = await fetch('/call', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-countersign-tab': tab },
          body: JSON.stringify({ name, input }),
        });
        // Decoded at once: a page of events is megabytes, which `text()` would decode piece by piece.
        return replyIn(new TextDecoder().decode(await reply.arrayBuffer()));
      } catch {
        return { ok: false, code: 'unreachable', message: UNREACHABLE };
      }
    },
    listen: (listener) => keepOpen(tab, listener),
  };
}

const UNREACHABLE =
  'Countersign itself did not answer. Nothing was sent to any system by this. Check that it still runs, then try again.';

function keepOpen(tab: string, { onEvent, onState }: Listener): () => void {
  let socket: WebSocket | null = null;
  let waitMs = FIRST_WAIT_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  // Once it was lost it stays lost until it is there again: what is said of it must not come and go with each try.
  onState('connecting');
  function open() {
    socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/events`);
    const mine = socket;
    mine.addEventListener('open', () => {
      mine.send(JSON.stringify({ token: tab }));
      onState('live');
    });
    mine.addEventListener('message', ({ data }) => {
      waitMs = FIRST_WAIT_MS;
      const streamed = readStreamed(parsed(String(data)));
      // What this screen cannot read it must not skip silently: a new connection makes it read everything again.
      if (streamed.success) onEvent(streamed.data);
      else mine.close();
    });
    mine.addEventListener('close', ({ code }) => {
      if (ended) return;
      if (code === NOT_SIGNED_IN) return onState('signed-out');
      onState('lost');
      timer = setTimeout(open, waitMs);
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
    });
  }

  open();
  return () => {
    ended = true;
    clearTimeout(timer);
    socket?.close();
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
