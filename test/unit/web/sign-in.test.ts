import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { signIn } from '../../../electron/web/sign-in.ts';

const IDLE_MS = 1_000;
let atMs = 0;
beforeEach(() => {
  atMs = 0;
});
const door = () => signIn({ now: () => atMs, idleMs: IDLE_MS });

it('swaps a one-time token for the token of a tab, once', () => {
  const { newToken, exchange, isSignedIn } = door();
  const token = newToken();
  const tab = exchange(token) ?? '';
  expect(isSignedIn(tab)).toBe(true);
  expect(isSignedIn(token)).toBe(false);
  expect(exchange(token)).toBeUndefined();
  expect(exchange(tab)).toBeUndefined();
});

it('makes tokens of 256 bits that never repeat', () => {
  const { newToken } = door();
  const tokens = Array.from({ length: 100 }, newToken);
  expect(new Set(tokens).size).toBe(100);
  for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
});

it('voids an unused one-time token when a newer one is made', () => {
  const { newToken, exchange } = door();
  const older = newToken();
  const newer = newToken();
  expect(exchange(older)).toBeUndefined();
  expect(exchange(newer)).toBeDefined();
});

it('lets many tabs live side by side', () => {
  const { newToken, exchange, isSignedIn } = door();
  const tabs = Array.from({ length: 5 }, () => exchange(newToken()) ?? '');
  expect(tabs.map(isSignedIn)).toEqual([true, true, true, true, true]);
});

it('moves the expiry of a tab with each use, not with a look at it', () => {
  const { newToken, exchange, isSignedIn, holds } = door();
  const tab = exchange(newToken()) ?? '';
  atMs = IDLE_MS - 1;
  expect(isSignedIn(tab)).toBe(true);
  atMs += IDLE_MS - 1;
  expect(holds(tab)).toBe(true);
  atMs += 1;
  expect(holds(tab)).toBe(false);
  expect(isSignedIn(tab)).toBe(false);
});

it('lets nothing in that it did not hand out', () => {
  const { newToken, exchange, isSignedIn } = door();
  exchange(newToken());
  newToken();
  fc.assert(
    fc.property(fc.string(), (guess) => {
      expect(isSignedIn(guess)).toBe(false);
      expect(exchange(guess)).toBeUndefined();
    }),
  );
});
