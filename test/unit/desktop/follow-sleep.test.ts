import { afterEach, expect, it, vi } from 'vitest';
import { followSleep } from '../../../electron/desktop/follow-sleep.ts';
import { powerMonitor, resetStandIn } from '../../fixtures/electron-stand-in.ts';

afterEach(resetStandIn);

it('tells the host of each time the machine wakes, until it is stopped', () => {
  const woke = vi.fn();
  const stop = followSleep(powerMonitor as never, { woke });
  powerMonitor.emit('suspend');
  expect(woke).not.toHaveBeenCalled();
  powerMonitor.emit('resume');
  powerMonitor.emit('resume');
  expect(woke).toHaveBeenCalledTimes(2);
  stop();
  powerMonitor.emit('resume');
  expect(woke).toHaveBeenCalledTimes(2);
  expect(powerMonitor.listenerCount('resume')).toBe(0);
});
