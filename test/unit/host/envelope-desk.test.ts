import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { allowedAt, textsOf, versionsOnRecord } from '../../../electron/guard/envelope/on-record.ts';
import { envelopeDirOf } from '../../../electron/host/envelope-desk.ts';
import { envelopeThen } from '../../../electron/host/envelope-view.ts';
import { BENCH_BEGINS_MS, envelopeBench } from '../../fixtures/envelope-bench.ts';
import { editEnvelope, envelopeFolder, signEnvelope } from '../../fixtures/envelope-folder.ts';

const HOUR_MS = 3_600_000;
const open: { close(): void }[] = [];
afterEach(() => {
  for (const bench of open.splice(0)) bench.close();
});
function benchOn(dir: string, options: Parameters<typeof envelopeBench>[1] = {}) {
  const bench = envelopeBench(dir, options);
  open.push(bench);
  return bench;
}

/** Mina's own envelope, version 7, in force and on record. */
function ownEnvelope() {
  const bench = benchOn(envelopeFolder());
  bench.admitMina();
  const { digest } = signEnvelope(bench.place.dir, '7', bench.mina);
  expect(bench.desk.state()).toEqual({ kind: 'in-force', version: '7', digest });
  return { ...bench, dir: bench.place.dir, digest };
}

describe('the envelope that is in force', () => {
  it('is read when the host begins, so that nobody waits for it later, and a log that cannot be written is no end of it', () => {
    const bench = benchOn(envelopeFolder());
    bench.admitMina();
    signEnvelope(bench.place.dir, '7', bench.mina);
    bench.desk.begin();
    expect(bench.changes).toHaveLength(1);
    bench.desk.begin();
    expect(bench.changes).toHaveLength(1);
    expect(versionsOnRecord(bench.ledger)).toHaveLength(1);

    const closed = benchOn(envelopeFolder());
    signEnvelope(closed.place.dir, '7', closed.mina);
    closed.ledger.close();
    expect(() => closed.desk.begin()).not.toThrow();
  });

  it('stands whole on record before anything is judged by it, once', () => {
    const { ledger, desk, dir, digest } = ownEnvelope();
    const [version, ...more] = versionsOnRecord(ledger);
    if (!version) throw new Error('It is not on record');
    expect(more).toEqual([]);
    expect(version).toMatchObject({
      version: '7',
      digest,
      trustedAs: 'installation',
      signer: { name: 'Mina' },
    });
    const texts = textsOf(ledger, version);
    for (const path of ['envelope.yaml', 'policies/10-permit.cedar', 'schema.cedarschema', 'manifest.json'])
      expect(texts.get(path)).toBe(readFileSync(join(dir, path), 'utf8'));
    const { size } = ledger.head();
    desk.inForce();
    desk.record();
    expect(ledger.head().size).toBe(size);
  });

  it('is no longer once a byte of it is another, and is again when that is put back', () => {
    const { desk, dir, digest, changes, states } = ownEnvelope();
    const path = join(dir, 'envelope.yaml');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('stage: supervised', 'stage: bounded   '));
    expect(desk.inForce()).toMatchObject({
      kind: 'none',
      because: expect.stringContaining('envelope.yaml was altered'),
    });
    writeFileSync(path, text);
    expect(desk.inForce()).toMatchObject({ kind: 'in-force', loaded: { digest } });
    expect(states()).toEqual(['accepted', 'none', 'in-force']);
    expect(changes).toEqual([digest, null, digest]);
  });

  it('gives way to a newer version, and never comes back', () => {
    const { desk, dir, digest, mina, changes, ledger } = ownEnvelope();
    const older = readFileSync(join(dir, 'manifest.json'));
    const oldText = readFileSync(join(dir, 'envelope.yaml'));
    const next = signEnvelope(dir, '8', mina);
    expect(desk.state()).toEqual({ kind: 'in-force', version: '8', digest: next.digest });
    writeFileSync(join(dir, 'envelope.yaml'), oldText);
    writeFileSync(join(dir, 'manifest.json'), older);
    expect(desk.state()).toMatchObject({
      kind: 'none',
      because: expect.stringMatching(/version 7 .* older than version 8/i),
    });
    expect(changes).toEqual([digest, next.digest, null]);
    expect(versionsOnRecord(ledger).map(({ version }) => version)).toEqual(['8', '7']);
  });

  it('is not replaced by the default when its folder is taken away', () => {
    const { desk, dir, place } = ownEnvelope();
    rmSync(dir, { recursive: true });
    place.dir = 'resources/envelope';
    expect(desk.state()).toMatchObject({
      kind: 'none',
      because: expect.stringContaining('envelope of its own'),
    });
  });

  it('is not that of a key which nobody announced here', () => {
    const bench = benchOn(envelopeFolder());
    signEnvelope(bench.place.dir, '7', bench.mina);
    expect(bench.desk.state()).toMatchObject({
      kind: 'none',
      because: expect.stringContaining('not trusted'),
    });
    bench.admitMina();
    expect(bench.desk.state().kind).toBe('in-force');
  });

  it('has expired by the latest time on record, wherever the clock is set since', () => {
    const bench = benchOn(envelopeFolder());
    bench.admitMina();
    editEnvelope(bench.place.dir, 'envelope.yaml', /^stage:/m, "validUntil: '2026-11-21T13:00:00Z'\nstage:");
    signEnvelope(bench.place.dir, '7', bench.mina);
    expect(bench.desk.state().kind).toBe('in-force');
    bench.close();
    open.pop();

    // An hour later something is recorded; then the clock is set back to before the envelope was made.
    const later = benchOn(bench.place.dir, {
      file: bench.file,
      mina: bench.mina,
      startMs: BENCH_BEGINS_MS + HOUR_MS,
    });
    expect(later.desk.state()).toMatchObject({ kind: 'none', because: expect.stringContaining('expired') });
    later.close();
    open.pop();
    const back = benchOn(bench.place.dir, {
      file: bench.file,
      mina: bench.mina,
      startMs: BENCH_BEGINS_MS - HOUR_MS,
    });
    expect(back.desk.state()).toMatchObject({ kind: 'none', because: expect.stringContaining('expired') });
  });

  it('is not what begins a log that nothing was recorded in, before the first incident', () => {
    const shipped = benchOn('resources/envelope', { locked: true });
    expect(shipped.desk.state().kind).toBe('in-force');
    expect(shipped.states()).toEqual([]);
    shipped.desk.record();
    expect(shipped.states()).toEqual(['accepted']);
  });
});

describe('what was allowed then', () => {
  it('is told from the log: which version, that there was none, that it had expired, that nobody knows', () => {
    const { ledger, desk, dir, digest, mina } = ownEnvelope();
    const [entry] = ledger.entries({ kind: 'envelope' });
    const acceptedMs = Date.parse(entry?.at ?? '');
    editEnvelope(dir, 'envelope.yaml', /^stage: \w+/m, 'stage: shadow');
    desk.inForce();
    const later = signEnvelope(dir, '8', mina);
    desk.inForce();
    const nowMs = acceptedMs + HOUR_MS;
    expect(envelopeThen(ledger, acceptedMs - 1, nowMs).kind).toBe('not-on-record');
    expect(envelopeThen(ledger, nowMs + 1_001, nowMs)).toMatchObject({ because: 'That is still to come.' });
    expect(envelopeThen(ledger, nowMs + 1_000, nowMs)).toEqual(envelopeThen(ledger, nowMs, nowMs));
    // All of it happened in one moment of the stopped clock, so what was recorded last counts.
    expect(envelopeThen(ledger, acceptedMs, nowMs)).toMatchObject({
      version: '8',
      content: { stage: 'shadow' },
    });
    expect(
      allowedAt({ entries: (filter) => ledger.entries({ ...filter, before: (entry?.seq ?? 0) + 1 }) }, nowMs),
    ).toMatchObject({ digest });
    expect(later.digest).not.toBe(digest);
  });

  it('says that a version had expired although nothing ran that could have recorded it', () => {
    const bench = benchOn(envelopeFolder());
    bench.admitMina();
    editEnvelope(bench.place.dir, 'envelope.yaml', /^stage:/m, "validUntil: '2026-11-21T13:00:00Z'\nstage:");
    signEnvelope(bench.place.dir, '7', bench.mina);
    bench.desk.inForce();
    expect(allowedAt(bench.ledger, BENCH_BEGINS_MS + HOUR_MS - 1)).toMatchObject({ kind: 'in-force' });
    expect(allowedAt(bench.ledger, BENCH_BEGINS_MS + HOUR_MS)).toMatchObject({
      kind: 'none',
      because: expect.stringContaining('expired'),
    });
  });

  it('is refused from a log whose parts are not what was signed', () => {
    const { ledger } = ownEnvelope();
    const [version] = versionsOnRecord(ledger);
    if (!version) throw new Error('It is not on record');
    const edited = {
      entries: (filter: Parameters<typeof ledger.entries>[0]) =>
        ledger.entries(filter).map((entry) =>
          entry.body['path'] === 'envelope.yaml'
            ? {
                ...entry,
                body: { ...entry.body, text: String(entry.body['text']).replace('supervised', 'bounded') },
              }
            : entry,
        ),
    };
    expect(() => textsOf(edited, version)).toThrow(
      /envelope\.yaml of the envelope .* is not on record as it was signed/,
    );
  });
});

describe('where it lies', () => {
  it.each<[string, (own: string) => void, boolean]>([
    ['the default where there is nothing', () => {}, false],
    ['its own folder', (own) => mkdirSync(own), true],
    ['its own place when a file is there', (own) => writeFileSync(own, ''), true],
    ['its own place when a link to nowhere is there', (own) => symlinkSync('/nowhere/at/all', own), true],
  ])('is %s', (_case, make, isOwn) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'data-'));
    make(join(dataDir, 'envelope'));
    expect(envelopeDirOf(dataDir, 'resources')).toBe(
      isOwn ? join(dataDir, 'envelope') : 'resources/envelope',
    );
  });
});
