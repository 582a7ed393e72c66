import { databaseReader } from '../../../electron/ledger/log-reader.ts';
import {
  consistencyProof,
  growingTree,
  type Hash,
  hashOf,
  inclusionProof,
  isIncluded,
  leafDigest,
  leafHash,
} from '../../../electron/ledger/tree.ts';
import { type Measurement, percentile, timed } from './measurement.ts';
import { openedLog } from './setup.ts';

const PROOFS = 2_000;

/** Proofs from the stored tree of a large log. Only its tree is filled: a proof reads nothing else. */
export function inclusionProofs(folder: string, size: number): Measurement {
  const log = openedLog(folder, 'proof');
  const root = fillTree(log.db, size);
  const { nodes } = databaseReader(log.db);
  const node = (level: number, position: number): Hash => {
    const hash = nodes?.read(level, position);
    if (!hash) throw new Error(`Node ${position} of level ${level} is missing`);
    return hash;
  };
  const inclusion: number[] = [];
  const consistency: number[] = [];
  for (let turn = 0; turn < PROOFS; turn += 1) {
    const index = Math.floor((turn * 2_654_435_761) % size);
    let proof: Hash[] = [];
    inclusion.push(
      timed(() => {
        proof = inclusionProof(index, size, node);
      }),
    );
    if (!isIncluded(leafOf(index), index, size, proof, root))
      throw new Error('A proof of the bench is wrong');
    consistency.push(timed(() => void consistencyProof(index + 1, size, node)));
  }
  log.close();
  const p99 = Math.max(percentile(inclusion, 0.99), percentile(consistency, 0.99));
  return {
    title: `Proofs in a log of ${size} entries`,
    numbers: [
      { what: 'inclusion p50', value: percentile(inclusion, 0.5), unit: 'ms' },
      { what: 'inclusion p99', value: percentile(inclusion, 0.99), unit: 'ms' },
      { what: 'consistency p50', value: percentile(consistency, 0.5), unit: 'ms' },
      { what: 'consistency p99', value: percentile(consistency, 0.99), unit: 'ms' },
    ],
    targets: [{ says: 'p99 under 2 ms', met: p99 < 2 }],
  };
}

const leafOf = (index: number): Hash => leafHash(Buffer.from(String(index)));

function fillTree(db: ReturnType<typeof openedLog>['db'], size: number): Hash {
  const insertNode = db.prepare('INSERT INTO ledger_node VALUES (@level, @position, @hash)');
  const insertEntry = db.prepare(
    "INSERT OR REPLACE INTO ledger_entry (seq, kind, at_ms, leaf, bytes) VALUES (?, 'read', 0, ?, ?)",
  );
  for (const event of ['update', 'delete']) db.exec(`DROP TRIGGER ledger_entry_no_${event}`);
  // As much as an entry takes, for the leaves lie between the entries.
  const bytes = Buffer.alloc(400);
  const tree = growingTree();
  db.transaction(() => {
    for (let index = 0; index < size; index += 1) {
      const leaf = leafDigest(Buffer.from(String(index)));
      insertEntry.run(index, hashOf(leaf), bytes);
      for (const node of tree.add(leaf)) insertNode.run(node);
    }
  })();
  return tree.root();
}
