import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
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

/** One drill played to its end, and what it left: each test that goes on from there has a copy. */
let played: { dataDir: string; result: Awaited<ReturnType<typeof play>> };
beforeAll(async () => {
  const dataDir = newDataDir();
  played = { dataDir, result: await play({ approve: 'first' }, dataDir) };
});

function copyOf(dataDir: string): string {
  const copy = newDataDir();
  cpSync(dataDir, copy, { recursive: true });
  return copy;
}

it('plays bad-deploy from alert to improved, and leaves a ledger that verifies and a report', async () => {
  const { dataDir, result } = played;
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
  let withOlder: string;
  beforeAll(async () => {
    withOlder = copyOf(played.dataDir);
    const file = join(withOlder, 'drills.db');
    const older = readFileSync(file);
    await play({ seed: 8, approve: 'first' }, withOlder);
    for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
    writeFileSync(file, older);
  });

  it('is named by verification', () => {
    const { ok, logs } = verifyPath(copyOf(withOlder));
    expect(ok).toBe(false);
    expect(logs.flatMap(({ verification }) => verification.problems)).toMatchObject([{ how: 'truncated' }]);
  });

  it('lets nothing be approved or executed until a new log is begun, which names the old one', async () => {
    const dataDir = copyOf(withOlder);
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
