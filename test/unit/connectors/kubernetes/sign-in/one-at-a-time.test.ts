import { expect, it } from 'vitest';
import {
  oneAtATime,
  type Shown,
} from '../../../../../electron/connectors/kubernetes/sign-in/one-at-a-time.ts';

it('says whom it waits for instead of waiting on, and takes the answer when it comes', async () => {
  const { promise, resolve } = Promise.withResolvers<Shown>();
  let asked = 0;
  const ask = () => {
    asked += 1;
    return promise;
  };
  const shown = oneAtATime({ name: 'The command kubelogin', ask }, { patienceMs: 5 });
  await expect(shown()).rejects.toThrow(/kubelogin has not answered yet\. Does it wait for you/);
  await expect(shown()).rejects.toMatchObject({ code: 'timeout' });
  expect(asked).toBe(1);
  resolve({ token: 'tok-1' });
  expect(await shown()).toEqual({ token: 'tok-1' });
  expect(asked).toBe(1);
});

it('asks again after a failure, and after what it got has expired', async () => {
  let now = 0;
  const answers: (() => Promise<Shown>)[] = [
    async () => Promise.reject(new Error('no')),
    async () => ({ token: 'a', untilMs: 60_000 }),
    async () => ({ token: 'b' }),
  ];
  const shown = oneAtATime(
    { name: 'it', ask: () => answers.shift()?.() ?? Promise.reject(new Error('once too often')) },
    { nowMs: () => now },
  );
  await expect(shown()).rejects.toThrow('no');
  expect((await shown()).token).toBe('a');
  now = 54_000;
  expect((await shown()).token).toBe('a');
  now = 56_000;
  expect((await shown()).token).toBe('b');
  now = 1e12;
  expect((await shown()).token).toBe('b');
});
