import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptHeads } from '../../../electron/host/kept-heads.ts';
import { databaseReader } from '../../../electron/ledger/log-reader.ts';
import { verifyDataFile } from '../../../electron/ledger/verify/verify-data-dir.ts';
import { dataFiles } from '../../../electron/store/data-files.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openReadOnly, openStore } from '../../../electron/store/open-store.ts';
import { temporaryDirectory } from './data-dir.ts';
import { disk } from './power-loss/disk.ts';
import { recordingOf, withoutStrace } from './power-loss/recording.ts';
import { crashStates } from './power-loss/states.ts';
import type { FileOperation } from './power-loss/trace.ts';
import { chance, timesFrom } from './seeded.ts';

/** COUNTERSIGN_POWER_LOSSES asks for more states of the disk, COUNTERSIGN_SEED for others. */
const LOSSES = timesFrom('COUNTERSIGN_POWER_LOSSES', 150);
const SEED = timesFrom('COUNTERSIGN_SEED', 1);

describe.skipIf(withoutStrace)(
  'after a power loss in a drill (needs strace to record what is written)',
  () => {
    const folder = temporaryDirectory();
    const recorded = join(folder, 'recorded');
    let operations: FileOperation[] = [];

    beforeAll(() => {
      mkdirSync(recorded);
      const recorder = fileURLToPath(new URL('drill-recorder.ts', import.meta.url));
      const own = new RegExp(`^${recorded}/(${dataFiles.drill}(-wal|-journal)?|drill-keys\\.json[^/]*)$`);
      operations = recordingOf(recorder, recorded, ['7', '8'], own);
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it('the recording is of a whole drill, with its keys and the head that is kept outside', () => {
      const replayed = disk();
      for (const operation of operations) replayed.apply(operation);
      const left = [...replayed.afterLoss('none', chance(SEED)).keys()].map((path) => basename(path));
      expect(left.toSorted()).toEqual(['drill-keys.json', 'drills.db']);
      expect(replayed.said().trim().split('\n').length).toBeGreaterThan(30);
    });

    it(
      'no entry the host was told of is lost, the log holds against its kept head, and the state agrees with it',
      () => {
        let number = 0;
        for (const { files, said, where } of crashStates(operations, LOSSES, chance(SEED), disk())) {
          expect(wrongWith(files, said), `${where}, seed ${SEED}`).toEqual([]);
          number += 1;
        }
        expect(number).toBe(LOSSES);
      },
      60_000 + LOSSES * 200,
    );

    /** Puts the files on a disk and looks at them as the host does at its start. */
    function wrongWith(files: Map<string, Buffer>, said: number): string[] {
      const state = join(folder, 'state');
      rmSync(state, { recursive: true, force: true });
      mkdirSync(state);
      for (const [path, content] of files) writeFileSync(join(state, basename(path)), content);
      if (!readdirSync(state).includes(dataFiles.drill)) return said >= 0 ? ['the data file is gone'] : [];
      const file = join(state, dataFiles.drill);
      openStore(file, migrations).close();
      const { problems, size } = verifyDataFile(file, keptHeads(state).drill);
      return [
        ...problems.map(({ says }) => says),
        ...(size <= said ? [`${said + 1 - size} entries are lost`] : []),
        ...disagreements(file),
      ];
    }
  },
);

/** What was to change together did. */
function disagreements(file: string): string[] {
  const { db, close } = openReadOnly(file);
  try {
    const tables = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'ledger_entry'").get();
    if (tables === undefined) return [];
    const onRecord = new Map<string, string[]>();
    for (const { bytes } of databaseReader(db).entries()) {
      const { kind, body } = JSON.parse(Buffer.from(bytes).toString('utf8'));
      const id =
        kind === 'read' ? body.read : kind === 'proposal' || kind === 'incident.opened' ? body.id : undefined;
      if (id !== undefined) onRecord.set(kind, [...(onRecord.get(kind) ?? []), id]);
    }
    const stored = { read: 'analyst_read', proposal: 'proposal', 'incident.opened': 'incident' };
    return Object.entries(stored).flatMap(([kind, table]) => {
      const ids = db.prepare(`SELECT id FROM ${table}`).pluck().all();
      const said = onRecord.get(kind) ?? [];
      return JSON.stringify(ids.toSorted()) === JSON.stringify(said.toSorted())
        ? []
        : [`${table} holds ${ids.length}, the log tells of ${said.length}`];
    });
  } finally {
    close();
  }
}
