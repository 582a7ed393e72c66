import {
  appendFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rawText } from '../../../electron/connectors/delivered.ts';
import type { FilePlace } from '../../../electron/connectors/receiver/file-place.ts';
import { watchedFolder } from '../../../electron/connectors/receiver/watched-folder.ts';
import type { SourceState } from '../../../electron/connectors/source.ts';
import { eventually } from '../../fixtures/eventually.ts';

let folder: string;
let places: FilePlace[];
const stops: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lines-'));
  places = [];
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);
const line = (id: string, more: object = {}) =>
  `${JSON.stringify({
    specversion: '1.0',
    id,
    source: '/config',
    type: 'dev.countersign.change.v1',
    data: { change: 'config', title: id, service: 'checkout', ...more },
  })}\n`;

/** As it runs in a host, until it is stopped: titles in the order in which they were delivered. */
function begin() {
  const connector = watchedFolder({
    id: 'folder',
    name: 'Files',
    folder,
    places: {
      read: () => structuredClone(places),
      write: (next) => {
        places = [...next];
      },
    },
  });
  const titles: string[] = [];
  const raws: (string | null)[] = [];
  const states: SourceState[] = [];
  const stop = connector.changes.stream({
    onObservations(more) {
      titles.push(...more.map(({ title }) => title));
      raws.push(...more.map(rawText));
    },
    onState: (state) => void states.push(state),
  });
  stops.push(stop);
  const look = async () => {
    await connector.changes.backfill({ fromMs: 0, toMs: Date.now() + 1_000 }, AbortSignal.timeout(1_000));
    return titles;
  };
  return { connector, titles, raws, states, look, stop };
}

describe('a folder of lines', () => {
  it('is read as it grows, by itself, and a line that is still being written waits for its end', async () => {
    const { titles, raws } = begin();
    const whole = line('a');
    appendFileSync(at('changes.jsonl'), whole.slice(0, 40));
    appendFileSync(at('other.ndjson'), line('b'));
    await eventually('the whole line', () => titles.includes('b'));
    expect(titles).toEqual(['b']);
    appendFileSync(at('changes.jsonl'), whole.slice(40));
    await eventually('the line that was ended', () => titles.includes('a'));
    expect(raws[1]).toBe(whole.trimEnd());
  });

  it('goes on where it was after a start, and what stands there twice is one', async () => {
    writeFileSync(at('a.jsonl'), line('1') + line('2'));
    const first = begin();
    expect(await first.look()).toEqual(['1', '2']);
    first.stop();
    appendFileSync(at('a.jsonl'), line('3') + line('1'));
    const second = begin();
    // What was read last is told again: nobody knows that it reached the disk. A timeline holds each once.
    expect(await second.look()).toEqual(['1', '2', '3']);
    expect(places).toMatchObject([{ file: 'a.jsonl', lines: 4 }]);
  });

  it('loses nothing to rotation, by another name or by a copy, also while nobody looks', async () => {
    writeFileSync(at('a.jsonl'), line('1'));
    const first = begin();
    expect(await first.look()).toEqual(['1']);
    appendFileSync(at('a.jsonl'), line('2'));
    renameSync(at('a.jsonl'), at('a.old'));
    writeFileSync(at('a.jsonl'), line('3'));
    expect([...(await first.look())].sort()).toEqual(['1', '2', '3']);
    first.stop();
    appendFileSync(at('a.jsonl'), line('4'));
    renameSync(at('a.jsonl'), at('a.jsonl.1'));
    writeFileSync(at('a.jsonl'), line('5'));
    const second = begin();
    expect([...(await second.look())].sort()).toEqual(['1', '2', '3', '4', '5']);
  });

  it('notices that a file was emptied, also where it has grown longer since', async () => {
    writeFileSync(at('a.jsonl'), line('1') + line('2'));
    const { look } = begin();
    await look();
    truncateSync(at('a.jsonl'));
    appendFileSync(at('a.jsonl'), line('3'));
    expect(await look()).toEqual(['1', '2', '3']);
    writeFileSync(at('a.jsonl'), line('4') + line('5') + line('6') + line('7'));
    expect(await look()).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  it('names a bad line by file and number, and skips nothing else', async () => {
    const bad = ['{"id":\n', '[]\n', line('x', { change: 'reboot' }), `${'[1,'.repeat(100)}\n`];
    writeFileSync(at('a.jsonl'), `${line('1')}\n \r\n${bad.join(line('2'))}${line('3')}`);
    const { connector, look, states } = begin();
    expect(await look()).toEqual(['1', '2', '3']);
    expect(connector.health?.().sentence).toMatch(
      /^Line 10 of a\.jsonl is no event: .* levels deep\. So were 3 before it\.$/,
    );
    await eventually('its state', () => states.some(({ up }) => up));
    appendFileSync(at('a.jsonl'), Buffer.from([0xff, 0xfe, 0x0a]));
    await look();
    expect(connector.health?.().sentence).toMatch(/^Line 12 of a\.jsonl is no event: .* not UTF-8/);
  });

  it('keeps nothing of a line without end, and reads on behind it', async () => {
    writeFileSync(at('a.jsonl'), line('1'));
    const { connector, look } = begin();
    await look();
    for (let n = 0; n < 5; n++) {
      appendFileSync(at('a.jsonl'), 'x'.repeat(200_000));
      await look();
    }
    appendFileSync(at('a.jsonl'), `x\n${line('2')}`);
    expect(await look()).toEqual(['1', '2']);
    expect(connector.health?.().sentence).toBe('Line 2 of a.jsonl is no event: It is longer than 256 KiB.');
    expect(places).toMatchObject([{ lines: 3 }]);
  });

  it('reads files of this folder alone: no link, no folder in it, nothing packed, no other name', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    stops.push(() => rmSync(outside, { recursive: true, force: true }));
    writeFileSync(join(outside, 'a.jsonl'), line('outside'));
    symlinkSync(join(outside, 'a.jsonl'), at('link.jsonl'));
    symlinkSync(outside, at('folder.jsonl'));
    mkdirSync(at('inner.jsonl'));
    writeFileSync(at('inner.jsonl/a.jsonl'), line('inner'));
    writeFileSync(at('a.jsonl.gz'), gzipSync(line('packed')));
    writeFileSync(at('notes.txt'), line('text'));
    writeFileSync(at('a.jsonl'), line('1'));
    linkSync(at('a.jsonl'), at('same.jsonl'));
    const { look } = begin();
    expect(await look()).toEqual(['1']);
    // One that was read becomes a link to elsewhere.
    rmSync(at('a.jsonl'));
    rmSync(at('same.jsonl'));
    symlinkSync(join(outside, 'a.jsonl'), at('a.jsonl'));
    expect(await look()).toEqual(['1']);
    expect(places).toEqual([]);
  });

  it('reads a few megabytes again after a start, and counts lines on from there', async () => {
    const many = Array.from({ length: 60 }, (_, n) => line(`n${n}`, { detail: 'x'.repeat(100_000) }));
    const late = line('late', { change: 'reboot' });
    writeFileSync(at('a.jsonl'), many.join(''));
    const first = begin();
    // A detail is at most 16 000 characters long: these are named, and counted.
    await first.look();
    first.stop();
    appendFileSync(at('a.jsonl'), late);
    const second = begin();
    await second.look();
    expect(second.connector.health?.().sentence).toContain('Line 61 of a.jsonl');
    expect(places).toMatchObject([{ lines: 61 }]);
  });
});

it('that is not there is down, with what to do, and is read once it is there', async () => {
  rmSync(folder, { recursive: true });
  const { states, titles, connector } = begin();
  await eventually('its state', () => states.length > 0);
  expect(states[0]).toEqual({
    up: false,
    because: `The folder ${folder} is not there: create it, or name another in connections.yaml.`,
  });
  expect(await connector.test(AbortSignal.timeout(1_000))).toMatchObject({ ok: false });
  mkdirSync(folder);
  writeFileSync(at('a.jsonl'), line('1'));
  await eventually('the line', () => titles.length > 0);
  expect(states.at(-1)).toEqual({ up: true });
  expect(await connector.test(AbortSignal.timeout(1_000))).toMatchObject({
    ok: true,
    sees: ['1 file of lines (.jsonl, .ndjson)'],
  });
});
