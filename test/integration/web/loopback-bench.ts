import { mkdirSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { type LoopbackOptions, openLoopbackServer } from '../../../electron/web/loopback-server.ts';
import type { Reply } from '../../../shared/bridge/contract.ts';
import type { HostEvent } from '../../../shared/bridge/host-events.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

export type Answer = { status: number; headers: IncomingHttpHeaders; text: string; json: () => unknown };

/** A loopback server before a host that only remembers, and what a browser and a stranger can send to it. */
export async function loopbackBench(options: Partial<LoopbackOptions> = {}) {
  const dispatched: { name: string; input: unknown }[] = [];
  const listeners = new Set<(event: HostEvent) => void>();
  const host = {
    async dispatch(name: string, input: unknown): Promise<Reply> {
      dispatched.push({ name, input });
      if (name === 'fails') return { ok: false, code: 'not_found', message: 'There is none.' };
      return { ok: true, value: { name } };
    },
    subscribe(listener: (event: HostEvent) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const server = await openLoopbackServer({
    host,
    port: 0,
    rendererDir: tinyScreen(),
    logger: silentLogger,
    ...options,
  });
  const address = new URL(server.url);
  const authority = address.host;
  const own = {
    host: authority,
    origin: `http://${authority}`,
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/json',
  };

  /** Sends exactly these headers. A body that is given in pieces goes without a length. */
  function send(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    body?: string | string[],
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request({
        port: Number(address.port),
        host: '127.0.0.1',
        method,
        path,
        headers,
        agent: false,
      });
      sent.on('response', async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: () => JSON.parse(text),
        });
      });
      sent.on('error', reject);
      for (const piece of [body ?? []].flat()) sent.write(piece);
      sent.end();
    });
  }

  const post = (path: string, value: unknown, headers: OutgoingHttpHeaders = {}) => {
    const body = JSON.stringify(value);
    return send('POST', path, { ...own, 'content-length': Buffer.byteLength(body), ...headers }, body);
  };
  const tokenOf = (link: string) => new URL(link).hash.slice('#token='.length);

  return {
    server,
    authority,
    own,
    dispatched,
    send,
    post,
    tokenOf,
    signIn: async (link = server.newLink()): Promise<string> => {
      const { tab } = (await post('/session', { token: tokenOf(link) })).json() as { tab: string };
      return tab;
    },
    call: (tab: string, name: string, input: unknown = {}) =>
      post('/call', { name, input }, { 'x-countersign-tab': tab }),
    publish(event: HostEvent) {
      for (const listener of listeners) listener(event);
    },
    listening: () => listeners.size,
    openEvents: (headers: Record<string, string> = {}) =>
      new WebSocket(`ws://${authority}/events`, { headers: { origin: own.origin, ...headers } }),
  };
}

export type LoopbackBench = Awaited<ReturnType<typeof loopbackBench>>;

/** A screen of one page, for servers that need one. */
export function tinyScreen(dir = newDataDir()): string {
  mkdirSync(join(dir, 'assets'), { recursive: true });
  writeFileSync(
    join(dir, 'index.html'),
    '<!doctype html><title>Countersign</title><style nonce="__CSP_NONCE__"></style><script src="assets/main-a1.js"></script>',
  );
  writeFileSync(join(dir, 'assets', 'main-a1.js'), 'document.title = "ran";');
  return dir;
}

export const metricsChanged = (incident: string): HostEvent =>
  ({ name: 'metrics.changed', incident }) as HostEvent;
