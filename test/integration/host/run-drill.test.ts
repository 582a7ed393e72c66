import { expect, it } from 'vitest';
import { type DrillOptions, runDrill } from '../../../electron/host/run-drill.ts';
import { storedReport } from '../../../electron/host/stored-report.ts';
import { verifyPath } from '../../../electron/host/verify-path.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

const play = (options: Partial<DrillOptions>, dataDir = newDataDir()) =>
  runDrill(
    { dataDir, resourcesDir: 'resources', version: 'test', logger: silentLogger },
    { scenario: 'bad-deploy', seed: 7, approve: 'none', ...options },
  );

it('plays bad-deploy from alert to improved, and leaves a ledger that verifies and a report', async () => {
  const dataDir = newDataDir();
  const result = await play({ approve: 'first' }, dataDir);
  expect(result.changes.length).toBeGreaterThanOrEqual(40);
  expect(result.proposals[0]).toMatchObject({ verdict: { kind: 'offer' }, reversible: true });
  expect(result.decisions).toHaveLength(1);
  expect(result.executions).toHaveLength(1);
  expect(result.outcome).toBe('improved');
  expect(result.ledger.verified).toBe(true);
  for (const { for: pro } of result.hypotheses) expect(pro.length).toBeGreaterThan(0);

  expect(verifyPath(dataDir).ok).toBe(true);
  const report = storedReport(dataDir, result.incident, 'md');
  for (const part of ['# ', 'Outcome improved', 'approved', 'Back-out', result.ledger.root.slice(0, 0)]) {
    expect(report).toContain(part);
  }
});

it('executes nothing when nothing is approved, and the trouble stays', async () => {
  const result = await play({ approve: 'none' });
  expect(result).toMatchObject({ decisions: [], executions: [], outcome: null });
  expect(result.ledger.verified).toBe(true);
});

it.each(Array.from({ length: 20 }, (_none, index) => index + 1))(
  'has the true change among the first four of forty or more, seed %i',
  async (seed) => {
    const { changes, truth } = await play({ seed });
    expect(changes.length).toBeGreaterThanOrEqual(40);
    const place = changes.findIndex(({ id }) => truth.changes.includes(id)) + 1;
    expect(place).toBeGreaterThanOrEqual(1);
    expect(place).toBeLessThanOrEqual(4);
  },
);

it('plays the same drill for the same seed', async () => {
  const strip = ({ changes, services, onset, novelty, truth }: Awaited<ReturnType<typeof play>>) => ({
    changes,
    services,
    onset,
    novelty,
    truth,
  });
  expect(strip(await play({ seed: 3 }))).toEqual(strip(await play({ seed: 3 })));
});

it('names the scenarios there are when one is asked for that is not', async () => {
  await expect(play({ scenario: 'bad-deplyo' })).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringContaining('bad-deploy'),
  });
});
