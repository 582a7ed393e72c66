/** The Merkle tree of a log as it lies in a data file: the leaves beside the entries, every eighth level above them. */
import type { Database } from 'better-sqlite3';
import { nodeOver, type ReadKept, TILE_HEIGHT } from './tree.ts';

/** Reads the stored tree, of which nothing is trusted. A file that was never brought to data version 3 is read as it is. */
export function storedTree(db: Database) {
  const { leaf, leavesFrom, nodesFrom } = shapeOf(db);
  const leaves = db.prepare<[number, number], unknown>(joined(leavesFrom)).pluck();
  const kept = db
    .prepare<[number, number, number], unknown>(
      joined(
        'SELECT hash FROM ledger_node WHERE level = ? AND position >= ? AND position < ? AND length(hash) = 32 ORDER BY position',
      ),
    )
    .pluck();
  const rows = db.prepare(`SELECT count(*) FROM ${nodesFrom}`).pluck();
  const readKept: ReadKept = (level, from, count) => {
    const hashes = level === 0 ? leaves.get(from, from + count) : kept.get(level, from, from + count);
    return hashes instanceof Uint8Array ? hashes : new Uint8Array();
  };
  return {
    /** The SQL of the leaf of a row of `ledger_entry`. */
    leaf,
    /** Any complete node, folded from at most 128 of those that are kept; undefined where something is missing. */
    node: nodeOver(readKept),
    kept: readKept,
    /** How many nodes have a row of their own. */
    count: (): number => Number(rows.get()),
  };
}

/** The hashes that a query finds, as one value: to take each out of SQLite by itself takes ten times as long. */
const joined = (hashes: string): string => `SELECT CAST(group_concat(hash, '') AS BLOB) FROM (${hashes})`;

/** Up to data version 2 every complete node had a row, the leaves too. A copy of such a file must remain verifiable. */
function shapeOf(db: Database): { leaf: string; leavesFrom: string; nodesFrom: string } {
  const isBeside = db.prepare("SELECT 1 FROM pragma_table_info('ledger_entry') WHERE name = 'leaf'").get();
  return isBeside
    ? {
        leaf: 'leaf',
        leavesFrom: 'SELECT leaf AS hash FROM ledger_entry WHERE seq >= ? AND seq < ? ORDER BY seq',
        nodesFrom: 'ledger_node',
      }
    : {
        leaf: '(SELECT hash FROM ledger_node WHERE level = 0 AND position = seq)',
        leavesFrom:
          'SELECT hash FROM ledger_node WHERE level = 0 AND position >= ? AND position < ? ORDER BY position',
        nodesFrom: `ledger_node WHERE level > 0 AND level % ${TILE_HEIGHT} = 0`,
      };
}
