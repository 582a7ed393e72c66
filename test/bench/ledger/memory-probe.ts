/** Verifies the data file it is given and prints what that held in memory, as JSON. A process of its own has no past. */
import { databaseReader } from '../../../electron/ledger/log-reader.ts';
import { verifyLog } from '../../../electron/ledger/verify/verify.ts';
import { openReadOnly } from '../../../electron/store/open-store.ts';

/** Moments of the verification at which what is garbage is collected and the rest measured. */
const MOMENTS = 20;

const { db, close } = openReadOnly(process.argv[2] ?? '');
const reader = databaseReader(db);
const every = Math.ceil(Number(db.prepare('SELECT count(*) FROM ledger_entry').pluck().get()) / MOMENTS);
let heap = 0;
let seen = 0;
const { ok, size } = verifyLog({
  ...reader,
  *entries() {
    for (const entry of reader.entries()) {
      seen += 1;
      if (seen % every === 0) heap = Math.max(heap, live());
      yield entry;
    }
  },
});
close();
process.stdout.write(JSON.stringify({ ok, size, heap, rss: process.resourceUsage().maxRSS * 1024 }));

function live(): number {
  // Buffers are given back a collection after the objects that held them.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
