/**
 * Rows of a log read as a few long values, entries behind entries: to take each value out of SQLite by itself takes
 * three times as long. What an entry holds is cut out of that only where somebody asks for it.
 */
import { type Digest, digestOf, type Hash, prefixedDigest } from './tree.ts';

/** What a database keeps beside the bytes of an entry to find them by. */
export type EntryColumns = { seq: number; kind: string; incident: string | null; atMs: number };

export type PackedRows = [
  bytes: unknown,
  leaves: unknown,
  lengths: string,
  places: string,
  kinds: string,
  incidents: string,
  times: string,
];

/**
 * SQL that answers with the rows of another (`seq, kind, incident, at_ms, leaf, bytes`), in order and without gaps, as
 * one `PackedRows`. Where something else than bytes lies, which goes before all bytes, the lengths do not add up.
 */
export const packOf = (rows: string): string =>
  `SELECT CAST(x'00' || group_concat(bytes, x'00') AS BLOB), CAST(group_concat(leaf, '') AS BLOB),
     json_group_array(iif(bytes >= x'', length(bytes), -1)), json_group_array(seq), json_group_array(kind),
     json_group_array(incident), json_group_array(at_ms) FROM (${rows})`;

/**
 * Undefined when the pieces do not make up the whole, for a row is missing or holds something else than the schema says.
 */
export function unpacked([bytes, leaves, lengths, places, kinds, incidents, times]: PackedRows):
  | PackedEntry[]
  | undefined {
  const all = bytes instanceof Buffer ? bytes : Buffer.alloc(0);
  const seqs = JSON.parse(places) as number[];
  const first = seqs[0] ?? Number.NaN;
  const pack: Pack = {
    bytes: all,
    view: new DataView(all.buffer, all.byteOffset, all.length),
    leaves: leaves instanceof Buffer ? digestOf(leaves) : '',
    // Whatever these are, they are compared with the bytes like everything else.
    first,
    kinds: JSON.parse(kinds) as string[],
    incidents: JSON.parse(incidents) as (string | null)[],
    times: JSON.parse(times) as number[],
  };
  let from = 1;
  const entries = (JSON.parse(lengths) as number[]).map((length, index) => {
    const entry = new PackedEntry(pack, index, from, from + length);
    from += length + 1;
    return entry;
  });
  const isWhole = from - 1 === all.length && pack.leaves.length === entries.length * 32;
  return isWhole && seqs.every((seq, index) => seq === first + index) ? entries : undefined;
}

type Pack = {
  /** Each entry stands behind a zero, as its leaf is hashed. */
  bytes: Buffer;
  view: DataView;
  leaves: Digest;
  /** Place of the first; the others follow it without gaps. */
  first: number;
  kinds: readonly string[];
  incidents: readonly (string | null)[];
  times: readonly number[];
};

/** One of them. Number `index` of the pack, from `from` up to, not including, `to`. */
export class PackedEntry {
  readonly pack: Pack;
  readonly index: number;
  readonly from: number;
  readonly to: number;

  constructor(pack: Pack, index: number, from: number, to: number) {
    this.pack = pack;
    this.index = index;
    this.from = from;
    this.to = to;
  }

  get bytes(): Uint8Array {
    return this.pack.bytes.subarray(this.from, this.to);
  }

  get leaf(): Hash {
    return Buffer.from(this.pack.leaves.slice(this.index * 32, (this.index + 1) * 32), 'latin1');
  }

  get columns(): EntryColumns {
    const { index, pack } = this;
    // A missing one fits nothing.
    return {
      seq: pack.first + index,
      kind: pack.kinds[index] ?? '',
      incident: pack.incidents[index] ?? null,
      atMs: pack.times[index] ?? Number.NaN,
    };
  }

  /** The leaf hash as it is, not as it is stored. */
  digest(): Digest {
    const { buffer, byteOffset } = this.pack.bytes;
    return prefixedDigest(new Uint8Array(buffer, byteOffset + this.from - 1, this.to - this.from + 1));
  }

  hasLeaf(digest: Digest): boolean {
    return this.pack.leaves.startsWith(digest, this.index * 32);
  }
}
