import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { latestTime } from '../../../electron/ledger/latest-time.ts';
import { openLedger } from '../../../electron/ledger/log.ts';
import { ledgerQueries } from '../../../electron/ledger/search/query.ts';
import { newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';
import { randomIds } from '../../../electron/platform/ids.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore } from '../../../electron/store/open-store.ts';

it('is that of whichever entry is the latest by its time, indexed or not, after the clock was set back', () => {
  const { db, close } = openStore(join(mkdtempSync(join(tmpdir(), 'latest-')), 'countersign.db'), migrations);
  expect(latestTime(db)).toBeUndefined();
  const key = signerOf(newPrivateKey());
  const time = { ms: 1_000 };
  const clock = { now: () => time.ms, every: () => () => {} };
  const ledger = openLedger({ db, realm: 'real', clock, ids: randomIds, signer: () => key });
  const noteAt = (ms: number) => {
    time.ms = ms;
    ledger.record({ kind: 'note', actor: { kind: 'host', name: 'countersign' }, body: { at: ms } });
  };
  for (const ms of [5_000, 90_000, 2_000]) noteAt(ms);
  expect(latestTime(db)).toBe(90_000);
  // From here on the latest is known from the index alone.
  ledgerQueries(db).catchUp();
  noteAt(3_000);
  expect(latestTime(db)).toBe(90_000);
  noteAt(120_000);
  expect(latestTime(db)).toBe(120_000);
  ledger.close();
  close();
});
