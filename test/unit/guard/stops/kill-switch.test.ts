import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killSwitch } from '../../../../electron/guard/stops/kill-switch.ts';
import { stopFile } from '../../../../electron/guard/stops/stop-file.ts';
import { openLedger } from '../../../../electron/ledger/log.ts';
import { steppedClock } from '../../../../electron/platform/clock.ts';
import { randomIds } from '../../../../electron/platform/ids.ts';
import { migrations } from '../../../../electron/store/migrations/all.ts';
import { openStore } from '../../../../electron/store/open-store.ts';
import { settingRepository } from '../../../../electron/store/setting-repository.ts';
import { newDataDir } from '../../../fixtures/data-dir.ts';

function bench() {
  const dataDir = newDataDir();
  const { db } = openStore(join(dataDir, 'countersign.db'), migrations);
  const { clock } = steppedClock((error) => {
    throw error;
  }, 1_000);
  const ledger = openLedger({ db, realm: 'real', clock, ids: randomIds });
  const settings = settingRepository(db);
  const open = () => killSwitch({ settings, ledger, clock, file: stopFile(dataDir) });
  const refuseWrites = () => {
    ledger.record = () => {
      throw new Error('disk full');
    };
  };
  return { ledger, settings, open, refuseWrites, path: join(dataDir, 'STOP') };
}

it('is in force before anyone is told, on record, and in the file', () => {
  const { ledger, open, path } = bench();
  const stop = open();
  const seen: boolean[] = [];
  stop.onChange(() => seen.push(stop.state().stopped));
  stop.engage('Mina', 'wrong target', 'tray');
  expect(seen).toEqual([true]);
  expect(ledger.entries({ kind: 'stop' })).toMatchObject([
    { actor: { kind: 'person', name: 'Mina' }, body: { reason: 'wrong target', how: 'tray' } },
  ]);
  expect(readFileSync(path, 'utf8')).toBe('wrong target\n');
});

it('survives a restart until it is lifted, and lifting takes the file away', () => {
  const { open, path } = bench();
  open().engage('Mina', 'wrong target');
  const restarted = open();
  expect(restarted.state()).toMatchObject({ stopped: true, by: 'Mina', how: 'screen' });
  restarted.lift('Mina', 'found it');
  expect(existsSync(path)).toBe(false);
  expect(open().state().stopped).toBe(false);
});

it('holds even when it cannot be written, and a lift that cannot be written has not happened', () => {
  const { open, refuseWrites, path } = bench();
  const stop = open();
  const seen: boolean[] = [];
  stop.onChange(({ stopped }) => seen.push(stopped));
  refuseWrites();
  expect(() => stop.engage('Mina', 'x')).toThrow('disk full');
  expect(stop.state().stopped).toBe(true);
  expect(() => stop.lift('Mina', 'y')).toThrow('disk full');
  expect(stop.state().stopped).toBe(true);
  expect(seen).toEqual([true, true]);
  expect(existsSync(path)).toBe(true);
});

it('survives a restart by its file alone when the ledger could not be written', () => {
  const { open, refuseWrites } = bench();
  refuseWrites();
  expect(() => open().engage('Mina', 'wrong target')).toThrow('disk full');
  expect(open().state()).toMatchObject({ stopped: true, how: 'file', reason: 'wrong target' });
});

it('still stops, and is on record, when the file cannot be written', () => {
  const { ledger, settings } = bench();
  const { clock } = steppedClock(() => {}, 1_000);
  const file = stopFile('/proc/self/fd');
  const stop = killSwitch({ settings, ledger, clock, file });
  expect(() => stop.engage('Mina', 'x')).toThrow(/STOP cannot be written/);
  expect(stop.state().stopped).toBe(true);
  expect(ledger.entries({ kind: 'stop' })).toHaveLength(1);
});

it('is in force at once where the file is there at the start, and on record once it is looked at', () => {
  const { ledger, open, path } = bench();
  writeFileSync(path, 'the bridge is on fire\n');
  const stop = open();
  expect(stop.state()).toMatchObject({
    stopped: true,
    by: 'the file STOP',
    reason: 'the bridge is on fire',
    how: 'file',
  });
  expect(ledger.entries({ kind: 'stop' })).toEqual([]);
  stop.look();
  stop.look();
  expect(ledger.entries({ kind: 'stop' })).toMatchObject([
    { actor: { kind: 'host' }, body: { how: 'file' } },
  ]);
});

it('takes notice of a file that comes later, and not of one that goes', () => {
  const { open, path } = bench();
  const stop = open();
  const seen: boolean[] = [];
  stop.onChange(({ stopped }) => seen.push(stopped));
  stop.look();
  expect(seen).toEqual([]);
  writeFileSync(path, '');
  stop.look();
  expect(seen).toEqual([true]);
  stopFile(join(path, '..')).remove();
  stop.look();
  expect(stop.state()).toMatchObject({ stopped: true, reason: 'STOP names no reason' });
});

it('is not lifted while what stands in the way of the file stays', () => {
  const { open, path } = bench();
  mkdirSync(join(path, 'kept'), { recursive: true });
  const stop = open();
  expect(() => stop.lift('Mina', 'x')).toThrow(
    /The stop holds: .*STOP cannot be taken away.*Remove it yourself/,
  );
  expect(stop.state().stopped).toBe(true);
});

it('is lifted by a named person with a reason only, and only when something is stopped', () => {
  const stop = bench().open();
  expect(() => stop.lift('Mina', 'x')).toThrow(/Nothing is stopped/);
  stop.engage('Mina', 'x');
  expect(() => stop.lift(' ', 'x')).toThrow(/name/);
  expect(() => stop.lift('Mina', ' ')).toThrow(/reason/);
  expect(stop.state().stopped).toBe(true);
});

it('stays stopped on a state that an earlier version stored', () => {
  const { settings, open } = bench();
  settings.put('stop', { stopped: true, by: 'Mina', reason: 'x', atMs: 1 });
  expect(open().state()).toEqual({ stopped: true, by: 'Mina', reason: 'x', atMs: 1 });
});
