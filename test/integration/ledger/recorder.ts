/**
 * Records in the data directory it is given, and says each place on standard output once `record` returned. Without a
 * number of turns it goes on until it is killed. Each entry changes state in the same transaction, and a torn one would show.
 */
import { writeSync } from 'node:fs';
import { openLog } from './data-dir.ts';

const [folder = '', turns = 'Infinity', from = '0'] = process.argv.slice(2);
const { db, ledger, close } = openLog(folder);
const put = db.prepare(
  `INSERT INTO setting (name, body) VALUES ('last', ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body`,
);
for (let turn = Number(from); turn < Number(turns); turn += 1) {
  const kind = turn % 5 === 0 ? 'decision' : 'signal';
  const { size } = ledger.head();
  const entry = {
    kind,
    actor: { kind: 'host', name: 'recorder' },
    body: { turn, text: 'x'.repeat(turn % 700) },
  } as const;
  const written = ledger.record([entry, entry], () => void put.run(String(size + 1)));
  writeSync(1, `${written.at(-1)?.seq}\n`);
}
close();
