import { expect, it } from 'vitest';
import { bridgeClient } from '../../../../renderer/bridge/client.ts';
import { preloadTransport } from '../../../../renderer/bridge/preload-transport.ts';
import { fakeHost } from '../../../fixtures/fake-host/fake-host.ts';

it('carries calls and events through the bridge of the desktop shell', async () => {
  const host = fakeHost();
  const heard: string[] = [];
  const transport = preloadTransport({
    call: async (name, input) => host.call(name, input),
    subscribe(listener) {
      let seq = 0;
      return host.listen((event) => {
        listener({ seq, event });
        seq += 1;
      });
    },
  });
  const states: string[] = [];
  const stop = transport.listen({
    onEvent: ({ event }) => heard.push(event.name),
    onState: (state) => states.push(state),
  });
  const call = bridgeClient(transport.send);
  const incident = await call('incidents.open', { title: 'Checkout fails', severity: 'sev2' });
  expect(incident.title).toBe('Checkout fails');
  expect(states).toEqual(['live']);
  expect(heard).toEqual(['incident.changed']);
  stop();
  host.setStatus({ notices: [] });
  expect(heard).toHaveLength(1);
});

it('makes an error with its code of a refusal', async () => {
  const call = bridgeClient(async () => ({ ok: false, code: 'drifted', message: 'The target changed' }));
  await expect(call('host.status', {})).rejects.toMatchObject({
    code: 'drifted',
    message: 'The target changed',
  });
});

it('takes no answer that it does not understand', async () => {
  const call = bridgeClient(async () => ({ ok: true, value: { version: 1 } }));
  await expect(call('host.status', {})).rejects.toMatchObject({ code: 'bad_reply' });
});

it('takes nothing from the bridge that is not an event', () => {
  let listener: ((streamed: unknown) => void) | undefined;
  preloadTransport({
    call: async () => null,
    subscribe(one) {
      listener = one;
      return () => {};
    },
  }).listen({ onEvent: () => {}, onState: () => {} });
  expect(() => listener?.({ seq: 0, event: { name: 'approve' } })).toThrow();
});
