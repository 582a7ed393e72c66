import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killSwitch } from '../../../electron/guard/kill-switch.ts';
import { openLedger } from '../../../electron/ledger/log.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { randomIds } from '../../../electron/platform/ids.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore } from '../../../electron/store/open-store.ts';
import { settingRepository } from '../../../electron/store/setting-repository.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

function bench() {
  const { db } = openStore(join(newDataDir(), 'countersign.db'), migrations);
  const { clock } = steppedClock((error) => {
    throw error;
  }, 1_000);
  const ledger = openLedger({ db, realm: 'real', clock, ids: randomIds });
  const open = () => killSwitch({ settings: settingRepository(db), ledger, clock });
  return { ledger, open };
}

it('is in force before anyone is told, and on record', () => {
  const { ledger, open } = bench();
  const stop = open();
  const seen: boolean[] = [];
  stop.onChange(() => seen.push(stop.state().stopped));
  stop.engage('Mina', 'wrong target');
  expect(seen).toEqual([true]);
  expect(ledger.entries({ kind: 'stop' })).toMatchObject([{ actor: { kind: 'person', name: 'Mina' } }]);
});

it('survives a restart until it is lifted', () => {
  const { open } = bench();
  open().engage('Mina', 'wrong target');
  const restarted = open();
  expect(restarted.state()).toMatchObject({ stopped: true, by: 'Mina' });
  restarted.lift('Mina', 'found it');
  expect(open().state().stopped).toBe(false);
});

it('holds even when it cannot be written, and a lift that cannot be written has not happened', () => {
  const { ledger, open } = bench();
  const stop = open();
  const { record } = ledger;
  const refuse: typeof record = () => {
    throw new Error('disk full');
  };
  ledger.record = refuse;
  expect(() => stop.engage('Mina', 'x')).toThrow('disk full');
  expect(stop.state().stopped).toBe(true);
  expect(() => stop.lift('Mina', 'y')).toThrow('disk full');
  expect(stop.state().stopped).toBe(true);
});

it('is lifted by a named person only, and only when something is stopped', () => {
  const stop = bench().open();
  expect(() => stop.lift('Mina', 'x')).toThrow(/Nothing is stopped/);
  stop.engage('Mina', 'x');
  expect(() => stop.lift(' ', 'x')).toThrow(/name/);
});
