import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Database } from 'better-sqlite3';
import { MOST_PAYLOAD_CHARACTERS } from '../../shared/vocabulary/payload.ts';

export type Payload = { digest: string; text: string };

/** What is kept under a digest: the text, or what became of it. */
export type KeptPayload =
  | { kind: 'kept'; text: string; keptMs: number }
  /** By an entry of the ledger, under a retention rule. */
  | { kind: 'erased'; by: number }
  | { kind: 'absent' };

/** What unpacks to more was not packed here. */
const MOST_BYTES = MOST_PAYLOAD_CHARACTERS * 4;
/** Of what is shorter nothing is gained that is worth the time, a thousand times a second. */
const LEAST_PACKED = 1_024;
/** So much of one incident, packed: a hundred thousand facts of ordinary length. */
const MOST_OF_INCIDENT = 64 * 1_048_576;

type Row = { bytes: Buffer | null; isPacked: number; keptMs: number; by: number | null };

/** What sources delivered, packed where it is long; bounded for each incident. */
export function payloadRepository(db: Database, { mostBytes = MOST_OF_INCIDENT } = {}) {
  const insert = db.prepare(
    `INSERT INTO payload (incident, digest, kept_ms, bytes, is_packed) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const size = db.prepare('SELECT coalesce(sum(length(bytes)), 0) FROM payload WHERE incident = ?').pluck();
  const select = db.prepare<[string, string], Row>(
    `SELECT bytes, is_packed AS isPacked, kept_ms AS keptMs, erased_by AS by FROM payload
     WHERE incident = ? AND digest = ?`,
  );
  /** Bytes by incident, counted once and then carried on. */
  const sizes = new Map<string, number>();

  return {
    /** Keeps what is new, in the transaction of whoever calls; beyond the bound of the incident nothing more. */
    keep(incident: string, { digest, text }: Payload, keptMs: number): void {
      const bytes = sizes.get(incident) ?? Number(size.get(incident));
      sizes.set(incident, bytes);
      if (bytes >= mostBytes) return;
      const isPacked = text.length > LEAST_PACKED;
      const kept = isPacked ? deflateRawSync(text, { level: 1 }) : Buffer.from(text);
      if (insert.run(incident, digest, keptMs, kept, Number(isPacked)).changes === 1)
        sizes.set(incident, bytes + kept.length);
    },
    /** @throws where the packed bytes were damaged. */
    find(incident: string, digest: string): KeptPayload {
      const row = select.get(incident, digest);
      if (!row) return { kind: 'absent' };
      const { bytes, isPacked, keptMs } = row;
      if (bytes === null) return { kind: 'erased', by: row.by ?? 0 };
      const plain = isPacked === 1 ? inflateRawSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes;
      return { kind: 'kept', text: plain.toString('utf8'), keptMs };
    },
  };
}
export type PayloadRepository = ReturnType<typeof payloadRepository>;
