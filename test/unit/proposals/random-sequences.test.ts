import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { verifyDataFile } from '../../../electron/ledger/verify/verify-data-dir.ts';
import { crashingHost } from '../../fixtures/crashing-host.ts';
import { moves, play } from '../../fixtures/proposal-sequences.ts';

const directory = mkdtempSync(join(tmpdir(), 'sequences-'));
afterAll(() => rmSync(directory, { recursive: true }));

it('executes nothing without a signed decision, nothing twice, nothing after a stop and nothing outside the envelope, whatever happens', async () => {
  const host = crashingHost(directory);
  let nth = 0;
  let written = 0;
  try {
    await fc.assert(
      fc.asyncProperty(moves, async (sequence) => {
        nth += 1;
        await play(host, sequence, nth);
        written += host.world().arrived.length;
      }),
      { numRuns: 150 },
    );
  } finally {
    host.end();
  }
  // A proof about writes needs some.
  expect(written).toBeGreaterThan(10);
  expect(verifyDataFile(host.file)).toMatchObject({ ok: true });
}, 60_000);
