import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { Sandbox } from '../../../electron/sandbox/sandbox.ts';
import { steppedSandbox } from '../../fixtures/open-sandbox.ts';

let sandbox: Sandbox | undefined;
afterEach(() => sandbox?.close());

it('lets others have their turn while the past of its world is made, so that a stop is heard meanwhile', async () => {
  let isOpen = false;
  const opening = steppedSandbox(7).then((opened) => {
    isOpen = true;
    return opened;
  });
  let turns = 0;
  while (!isOpen) {
    await setImmediate();
    turns += 1;
  }
  ({ sandbox } = await opening);
  expect(turns).toBeGreaterThan(200);
});
