import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { atIdle } from '../../../../renderer/ui/at-idle.ts';

/** Periods in which nothing else is to be done, by hand. */
let asked: ((deadline: IdleDeadline) => void)[] = [];
let page = { hidden: false };
const idleFor = (leftMs: () => number) => {
  const [go, ...others] = asked;
  asked = others;
  go?.({ didTimeout: false, timeRemaining: leftMs });
};

beforeEach(() => {
  asked = [];
  page = { hidden: false };
  vi.stubGlobal('document', page);
  vi.stubGlobal('requestIdleCallback', (go: (deadline: IdleDeadline) => void) => asked.push(go));
  vi.stubGlobal('cancelIdleCallback', () => {
    asked = [];
  });
});
afterEach(() => vi.unstubAllGlobals());

it('does a few at a time, each once, and asks for no more time than it needs', () => {
  const done: number[] = [];
  atIdle([1, 2, 3, 4, 5], (one) => done.push(one));
  expect(done).toEqual([]);
  idleFor(() => 50);
  expect(done).toEqual([1, 2, 3, 4]);
  idleFor(() => 50);
  expect(done).toEqual([1, 2, 3, 4, 5]);
  expect(asked).toEqual([]);
});

it('leaves what does not fit into the time that is left to another period', () => {
  const done: number[] = [];
  let leftMs = 3;
  atIdle([1, 2, 3], (one) => {
    done.push(one);
    leftMs -= 10;
  });
  idleFor(() => leftMs);
  expect(done).toEqual([]);
  leftMs = 15;
  idleFor(() => leftMs);
  expect(done).toEqual([1]);
  leftMs = 50;
  idleFor(() => leftMs);
  expect(done).toEqual([1, 2, 3]);
});

it('does one at a time where the screen is never idle', () => {
  const done: number[] = [];
  atIdle([1, 2, 3], (one) => done.push(one));
  for (let period = 1; period <= 3; period += 1) {
    asked.shift()?.({ didTimeout: true, timeRemaining: () => 0 });
    expect(done).toHaveLength(period);
  }
});

it('does nothing more once it is stopped, also in the middle', () => {
  const done: number[] = [];
  const stop = atIdle([1, 2, 3], (one) => {
    done.push(one);
    stop();
  });
  idleFor(() => 50);
  idleFor(() => 50);
  expect(done).toEqual([1]);
});

it('does nothing for a page that is not seen', () => {
  page.hidden = true;
  atIdle([1], () => expect.unreachable());
  expect(asked).toEqual([]);
});
