/**
 * Records without end in the data directory it is given, and says each place on standard output once `record` returned.
 * It is there to be killed. Each entry changes state in the same transaction, and a torn one would show.
 */
import { writeSync } from 'node:fs';
import { openLog } from './data-dir.ts';

const { db, ledger } = openLog(process.argv[2] ?? '');
const put = db.prepare(
  `INSERT INTO setting (name, body) VALUES ('last', ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body`,
);
for (let turn = 0; ; turn += 1) {
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
