import { expect, it } from 'vitest';
import { runDrill } from '../../../electron/host/run-drill.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

it('voids an offer whose target a colleague changes while it is read, and offers what fits then', async () => {
  const { proposals, decisions, outcome, ledger } = await runDrill(
    { dataDir: newDataDir(), resourcesDir: 'resources', version: 'test', logger: silentLogger },
    { scenario: 'drift', seed: 1, approve: 'first' },
  );
  expect(proposals.map(({ progress }) => progress.state)).toEqual(['voided', 'done']);
  expect(proposals[0]?.progress).toMatchObject({
    because: expect.stringMatching(/^Changed since proposed: /),
  });
  // The hurried fix is no place to go back to: both lead past it.
  expect(proposals[1]?.target).toEqual(proposals[0]?.target);
  expect(decisions.map(({ proposal }) => proposal)).toEqual([proposals[1]?.id]);
  expect({ outcome, verified: ledger.verified }).toEqual({ outcome: 'improved', verified: true });
});

it.each([
  ['flag-flip', 'set-flag'],
  ['config-pool-size', 'revert-config'],
  ['scale-down', 'scale-workload'],
  ['worse-after', 'revert-config'],
])('plays %s from alert to improved by %s', async (scenario, action) => {
  const { proposals, outcome, changes, truth, debrief } = await runDrill(
    { dataDir: newDataDir(), resourcesDir: 'resources', version: 'test', logger: silentLogger },
    { scenario, seed: 1, approve: 'first' },
  );
  expect(proposals[0]).toMatchObject({ action, progress: { state: 'done' } });
  expect(outcome).toBe('improved');
  expect(changes.slice(0, 4).map(({ id }) => id)).toContain(truth.changes[0]);
  expect(debrief?.harm).toEqual([]);
});
