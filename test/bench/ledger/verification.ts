import { execFileSync } from 'node:child_process';
import { createHash, hash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { databaseReader } from '../../../electron/ledger/log-reader.ts';
import { verifyLog } from '../../../electron/ledger/verify/verify.ts';
import { openReadOnly } from '../../../electron/store/open-store.ts';
import { type Measurement, percentile, timed } from './measurement.ts';
import { filledLog, storedBytes } from './setup.ts';

const ROUNDS = 5;
const MEBIBYTE = 1024 * 1024;

/** A whole verification, in turn with nothing but a SHA-256 over each of the same entries, which lie in memory for that. */
export function verification(folder: string, entries: number): Measurement {
  const file = filledLog(folder, 'verify', entries);
  const { db, close } = openReadOnly(file);
  const ours: number[] = [];
  const theirs: number[] = [];
  const oneShot: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(timed(() => demandGood(db)));
    const rows = storedBytes(db, 0);
    theirs.push(
      timed(() => {
        for (const row of rows) createHash('sha256').update(row).digest();
      }),
    );
    oneShot.push(
      timed(() => {
        for (const row of rows) hash('sha256', row, 'buffer');
      }),
    );
  }
  close();
  const perSecond = (1000 * entries) / percentile(ours, 0.5);
  const hashedPerSecond = (1000 * entries) / percentile(theirs, 0.5);
  return {
    title: `Verification of ${entries} entries from their data file, median of ${ROUNDS}`,
    numbers: [
      { what: 'entries verified', value: perSecond, unit: '/s' },
      { what: 'entries hashed', value: hashedPerSecond, unit: '/s' },
      {
        what: 'entries hashed by the one-shot call',
        value: (1000 * entries) / percentile(oneShot, 0.5),
        unit: '/s',
      },
      { what: 'verified over hashed', value: perSecond / hashedPerSecond, unit: 'times' },
    ],
    targets: [
      { says: 'at least half the rate of hashing the same bytes', met: perSecond >= hashedPerSecond / 2 },
    ],
  };
}

/** The most memory a verification holds while it runs, at two sizes of log: it must not grow with the log. */
export function verificationMemory(folder: string, sizes: readonly [number, number]): Measurement {
  const [small, large] = [peakOf(folder, sizes[0]), peakOf(folder, sizes[1])];
  const rows = [
    { entries: sizes[0], ...small },
    { entries: sizes[1], ...large },
  ];
  return {
    title: `Memory while verifying ${sizes.join(' and ')} entries, each in a process of its own`,
    numbers: rows.flatMap(({ entries, heap, rss }) => [
      { what: `live at most, ${entries} entries`, value: heap / MEBIBYTE, unit: 'MiB' },
      { what: `resident at most, ${entries} entries`, value: rss / MEBIBYTE, unit: 'MiB' },
    ]),
    targets: [
      { says: 'the larger log holds at most 2 MiB more', met: large.heap - small.heap < 2 * MEBIBYTE },
      { says: 'and at most 32 MiB more is resident', met: large.rss - small.rss < 32 * MEBIBYTE },
    ],
  };
}

const Probed = z.strictObject({ ok: z.literal(true), size: z.number(), heap: z.number(), rss: z.number() });

function peakOf(folder: string, entries: number): z.infer<typeof Probed> {
  const probe = fileURLToPath(new URL('memory-probe.ts', import.meta.url));
  const file = filledLog(folder, `memory-${entries}`, entries);
  return Probed.parse(
    JSON.parse(execFileSync(process.execPath, ['--expose-gc', probe, file], { encoding: 'utf8' })),
  );
}

function demandGood(db: Parameters<typeof databaseReader>[0]): void {
  const { ok, problems } = verifyLog(databaseReader(db));
  if (!ok) throw new Error(`The log of the bench does not hold: ${problems[0]?.says}`);
}
