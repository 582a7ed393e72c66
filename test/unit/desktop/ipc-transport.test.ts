import { beforeEach, expect, it, vi } from 'vitest';
import { CALL, EVENT, ipcTransport, LISTEN } from '../../../electron/desktop/ipc-transport.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import type { HostEvent } from '../../../shared/bridge/host-events.ts';
import { ipcMain, ipcRenderer, resetStandIn, WebContents } from '../../fixtures/electron-stand-in.ts';

const ours = { origin: 'app://countersign', parent: null };
const event = { name: 'metrics.changed', incident: 'inc-1' } as HostEvent;

function hostWithListeners() {
  const listeners = new Set<(event: HostEvent) => void>();
  return {
    listeners,
    dispatch: vi.fn(async (name: string, input: unknown) => ({ ok: true as const, value: { name, input } })),
    subscribe(listener: (event: HostEvent) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publish: (published: HostEvent) => listeners.forEach((listener) => void listener(published)),
  };
}

let host: ReturnType<typeof hostWithListeners>;
let contents: WebContents;
let received: unknown[];

beforeEach(() => {
  resetStandIn();
  host = hostWithListeners();
  contents = new WebContents();
  received = [];
  ipcRenderer.contents = contents;
  ipcRenderer.frame = ours;
  ipcRenderer.on(EVENT, (_event, streamed) => received.push(streamed));
  ipcTransport(ipcMain as never, host, silentLogger);
});

it('passes a call of our page to the host and its reply back', async () => {
  expect(await ipcRenderer.invoke(CALL, 'host.status', {})).toEqual({
    ok: true,
    value: { name: 'host.status', input: {} },
  });
});

const strangers: [string, unknown][] = [
  ['a frame that went away', null],
  ['a page of another origin', { origin: 'https://evil.test', parent: null }],
  ['another host of our scheme', { origin: 'app://evil', parent: null }],
  ['an opaque origin', { origin: 'null', parent: null }],
  ['our page embedded in another', { origin: 'app://countersign', parent: { origin: 'https://evil.test' } }],
  ['our page embedded in itself', { origin: 'app://countersign', parent: ours }],
];

it.each(strangers)('refuses a call of %s before the host sees it', async (_case, frame) => {
  ipcRenderer.frame = frame;
  expect(await ipcRenderer.invoke(CALL, 'host.status', {})).toMatchObject({ ok: false, code: 'refused' });
  expect(host.dispatch).not.toHaveBeenCalled();
});

it.each(strangers)('tells %s nothing of what happens', (_case, frame) => {
  ipcRenderer.frame = frame;
  ipcRenderer.send(LISTEN);
  expect(host.listeners.size).toBe(0);
});

it.each([undefined, 7, { toString: 'x' }, ['host.status']])('refuses the name %s', async (name) => {
  expect(await ipcRenderer.invoke(CALL, name, {})).toMatchObject({ ok: false, code: 'refused' });
  expect(host.dispatch).not.toHaveBeenCalled();
});

it('streams events in order from the moment the page listens', () => {
  host.publish(event);
  ipcRenderer.send(LISTEN);
  host.publish(event);
  host.publish(event);
  expect(received).toEqual([
    { seq: 0, event },
    { seq: 1, event },
  ]);
});

it('starts anew when the page was loaded again, without a second stream', () => {
  ipcRenderer.send(LISTEN);
  host.publish(event);
  ipcRenderer.send(LISTEN);
  expect(host.listeners.size).toBe(1);
  host.publish(event);
  expect(received).toEqual([
    { seq: 0, event },
    { seq: 0, event },
  ]);
});

it('forgets a window that was closed', () => {
  ipcRenderer.send(LISTEN);
  ipcRenderer.send(LISTEN);
  contents.destroy();
  expect(host.listeners.size).toBe(0);
  expect(() => host.publish(event)).not.toThrow();
  expect(received).toEqual([]);
});

it('keeps two windows in step, each with a stream of its own', () => {
  const other = new WebContents();
  const sent = new Map([contents, other].map((one) => [one, vi.spyOn(one, 'send')]));
  ipcRenderer.send(LISTEN);
  host.publish(event);
  ipcRenderer.contents = other;
  ipcRenderer.send(LISTEN);
  host.publish(event);
  expect(sent.get(contents)?.mock.calls.map(([, streamed]) => streamed)).toEqual([
    { seq: 0, event },
    { seq: 1, event },
  ]);
  expect(sent.get(other)?.mock.calls.map(([, streamed]) => streamed)).toEqual([{ seq: 0, event }]);
  other.destroy();
  host.publish(event);
  expect(sent.get(contents)).toHaveBeenCalledTimes(3);
});
