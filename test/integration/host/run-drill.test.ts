import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepLedger } from '../../../electron/host/keep-ledger.ts';
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
  const { content: report } = await storedReport(dataDir, result.incident, 'md');
  for (const part of ['# ', 'Outcome improved', 'approved', 'Back-out', result.ledger.root.slice(0, 0)]) {
    expect(report).toContain(part);
  }
});

it('executes nothing when nothing is approved, and plays the same drill for the same seed', async () => {
  const dataDir = newDataDir();
  const strip = ({
    changes,
    services,
    onset,
    novelty,
    truth,
    conclusion,
  }: Awaited<ReturnType<typeof play>>) => ({
    changes,
    services,
    onset,
    novelty,
    truth,
    conclusion,
  });
  const first = await play({ approve: 'none' }, dataDir);
  expect(first).toMatchObject({ decisions: [], executions: [], outcome: null });
  expect(first.ledger.verified).toBe(true);
  const again = await play({ approve: 'none' }, dataDir);
  expect(again.incident).not.toBe(first.incident);
  expect(strip(again)).toEqual(strip(first));
});

it('names the scenarios there are when one is asked for that is not', async () => {
  await expect(play({ scenario: 'bad-deplyo' })).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringContaining('bad-deploy'),
  });
});

describe('an older copy of the data file that is put back', () => {
  const drillsAgain = async () => {
    const dataDir = newDataDir();
    await play({ approve: 'first' }, dataDir);
    const file = join(dataDir, 'drills.db');
    const older = readFileSync(file);
    await play({ seed: 8, approve: 'first' }, dataDir);
    for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
    writeFileSync(file, older);
    return dataDir;
  };

  it('is named by verification', async () => {
    const { ok, logs } = verifyPath(await drillsAgain());
    expect(ok).toBe(false);
    expect(logs.flatMap(({ verification }) => verification.problems)).toMatchObject([{ how: 'truncated' }]);
  });

  it('lets nothing be approved or executed until a new log is begun, which names the old one', async () => {
    const dataDir = await drillsAgain();
    await expect(play({ seed: 8, approve: 'first' }, dataDir)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('The ledger does not hold'),
    });
    expect(verifyPath(dataDir).ok).toBe(false);

    const adapters = { dataDir, resourcesDir: 'resources', version: 'test', logger: silentLogger };
    const copy = await keepLedger(adapters, 'drill', ({ upkeep }, person) =>
      upkeep.beginAnew(person, 'practice'),
    );
    expect(existsSync(copy)).toBe(true);
    const { outcome, ledger } = await play({ seed: 8, approve: 'first' }, dataDir);
    expect({ outcome, verified: ledger.verified }).toEqual({ outcome: 'improved', verified: true });
    expect(verifyPath(dataDir).ok).toBe(true);
  });
});
