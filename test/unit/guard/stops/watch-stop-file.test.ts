import { EventEmitter } from 'node:events';
import type { FSWatcher, watch } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchStopFile } from '../../../../electron/guard/stops/watch-stop-file.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watcher whose events are the test's. */
function standIn() {
  const watcher = Object.assign(new EventEmitter(), { close: vi.fn() });
  let tell: (event: string, name: string | null) => void = () => {};
  const open = ((_path: string, _options: object, listener: typeof tell) => {
    tell = listener;
    return watcher as unknown as FSWatcher;
  }) as unknown as typeof watch;
  return { open, watcher, tell: (name: string | null) => tell('rename', name) };
}

it('looks as soon as the file is told of, and not for every other file of the folder', () => {
  const { open, tell } = standIn();
  const look = vi.fn();
  const end = watchStopFile('/data', look, open);
  tell('countersign.db-wal');
  expect(look).not.toHaveBeenCalled();
  tell('STOP');
  tell(null);
  expect(look).toHaveBeenCalledTimes(2);
  end();
});

it('goes on looking within a second once the watcher has died, and where none can be had', () => {
  const { open, watcher } = standIn();
  const look = vi.fn();
  const end = watchStopFile('/data', look, open);
  watcher.emit('error', new Error('EMFILE'));
  vi.advanceTimersByTime(999);
  expect(look.mock.calls.length).toBeGreaterThan(1);
  end();

  const alone = vi.fn();
  const endAlone = watchStopFile('/data', alone, () => {
    throw new Error('ENOSPC');
  });
  vi.advanceTimersByTime(999);
  expect(alone.mock.calls.length).toBeGreaterThan(1);
  endAlone();
  const told = alone.mock.calls.length;
  vi.advanceTimersByTime(5_000);
  expect(alone).toHaveBeenCalledTimes(told);
});
