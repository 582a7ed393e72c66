import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { gathering } from '../../../electron/timeline/gathering.ts';
import type { Observation } from '../../../shared/vocabulary/event.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const note = (key: string): Observation => ({
  kind: 'note',
  key,
  atMs: 0,
  service: null,
  title: key,
  source: 's',
  author: 'a',
});
const notes = (count: number) => Array.from({ length: count }, (_, index) => note(String(index)));

function open(fails: () => boolean = () => false) {
  const passed: string[][] = [];
  const errors: unknown[] = [];
  const gathered = gathering({
    passOn(observations) {
      if (fails()) throw new Error('the disk is full');
      passed.push(observations.map(({ key }) => key));
    },
    onError: (error) => errors.push(error),
  });
  return { ...gathered, passed, errors };
}

it('passes on together what comes one by one, in the order in which it came', () => {
  const { add, passed } = open();
  for (const one of notes(5)) add([one]);
  expect(passed).toEqual([]);
  vi.runAllTimers();
  expect(passed).toEqual([['0', '1', '2', '3', '4']]);
});

it('passes on very many in parts, and all of them', () => {
  const { add, passed } = open();
  add(notes(4_500));
  vi.runAllTimers();
  expect(passed.map(({ length }) => length)).toEqual([2_000, 2_000, 500]);
  expect(new Set(passed.flat()).size).toBe(4_500);
});

it('tries again what could not be stored, and loses none of it', () => {
  let isFull = true;
  const { add, passed, errors } = open(() => isFull);
  add(notes(2));
  vi.advanceTimersByTime(100);
  add([note('later')]);
  expect(errors).toHaveLength(1);
  isFull = false;
  vi.runAllTimers();
  expect(passed).toEqual([['0', '1', 'later']]);
});

it('keeps nothing back when it is closed, and ends where nothing can be stored', () => {
  const { add, close, passed } = open();
  add(notes(2_500));
  close();
  expect(passed.flat()).toHaveLength(2_500);
  const full = open(() => true);
  full.add(notes(3));
  full.close();
  expect(full.errors).toHaveLength(1);
});
