import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateCase } from '../../../electron/correlation/generate/generate-case.ts';
import { rank } from '../../../electron/correlation/rank.ts';
import { readCase } from '../../../electron/correlation/read-case.ts';
import { jsonCutter } from '../../../electron/correlation/read-case-json.ts';
import { Failure } from '../../../electron/platform/failure.ts';
import { caseWith, change, metric } from '../../fixtures/case-builder.ts';

const good = caseWith({
  services: [{ id: 'api', tier: 1 }],
  metrics: [metric({ service: 'api', kind: 'latency', normal: 0.1, minutes: 5 })],
  changes: [change('c1', 'api', 3)],
});

/** As it is in memory: samples in typed arrays. */
const read = {
  ...good,
  metrics: good.metrics.map((one) => ({ ...one, values: Float64Array.from(one.values, Number) })),
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'case-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function fileWith(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('a case file', () => {
  it.each([
    ['plain', 'case.json', JSON.stringify(good)],
    ['packed', 'case.json.gz', gzipSync(JSON.stringify(good))],
    ['packed under a plain name', 'case.json', gzipSync(JSON.stringify(good))],
    ['plain after a byte order mark', 'case.json', `\uFEFF${JSON.stringify(good)}`],
  ])('is read %s', async (_how, name, content) => {
    expect(await readCase(await fileWith(name, content))).toEqual(read);
  });

  it('may have members of its own, which are passed over', async () => {
    const path = await fileWith('case.json', JSON.stringify({ ...good, truth: { changes: ['c1'] } }));
    expect(await readCase(path)).toEqual(read);
  });
});

describe('a file that is none', () => {
  const withMetric = (more: object) =>
    JSON.stringify({ ...good, metrics: [good.metrics[0], { ...good.metrics[0], ...more }] });

  it.each([
    ['that is not JSON', 'case.json', '{"format": ', 'is not JSON'],
    ['that is empty', 'case.json', '', 'is not JSON'],
    [
      'of another format',
      'case.json',
      JSON.stringify({ ...good, format: 'other/2' }),
      'at format: .*countersign.case/1',
    ],
    ['that is a list', 'case.json', '[]', 'at the document: .*object'],
    [
      'with text among the values',
      'case.json',
      withMetric({ values: [1, 'x'] }),
      'at metrics\\[1\\].values\\[1\\]: .*number',
    ],
    [
      'with a step of zero',
      'case.json',
      withMetric({ stepSeconds: 0 }),
      'at metrics\\[1\\].stepSeconds: .*>0',
    ],
    ['with an unknown kind', 'case.json', withMetric({ kind: 'speed' }), 'at metrics\\[1\\].kind: .*latency'],
    ['without values', 'case.json', withMetric({ values: undefined }), 'at metrics\\[1\\].values: .*array'],
    [
      'with a time that is none',
      'case.json',
      withMetric({ from: 'yesterday' }),
      'at metrics\\[1\\].from: .*datetime',
    ],
    [
      'with two faults in one of its series',
      'case.json',
      withMetric({ kind: 'speed', stepSeconds: 0 }),
      'at metrics\\[1\\].kind: .*\\(and 1 more\\)',
    ],
    [
      'with NaN',
      'case.json',
      withMetric({ values: [1, 7777] }).replace('7777', 'NaN'),
      'at metrics\\[1\\].values\\[1\\]: .*NaN',
    ],
    [
      'with a number beyond all bounds',
      'case.json',
      withMetric({ values: [777] }).replace('777', '1e999'),
      'at metrics\\[1\\].values\\[0\\]: .*too large',
    ],
    [
      'with a member that stands twice',
      'case.json',
      JSON.stringify(good).replace('"metrics":', '"metrics":[],"metrics":'),
      'at metrics: it stands twice',
    ],
    [
      'with an id that two changes have',
      'case.json',
      JSON.stringify({ ...good, changes: [...good.changes, change('c2', 'api', 1), change('c1', 'api', 2)] }),
      'at changes\\[2\\].id: "c1" is the id of changes\\[0\\] too',
    ],
    [
      'nested without end',
      'case.json',
      JSON.stringify(good).replace(
        '"services":',
        `"other":${'['.repeat(100_000)}${']'.repeat(100_000)},"services":`,
      ),
      'at other: .*nested',
    ],
    [
      'nested without end within a change',
      'case.json',
      JSON.stringify(good).replace(
        '"title":',
        `"other":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)},"title":`,
      ),
      'at changes\\[0\\]: .*nested',
    ],
    [
      'with a list for an object',
      'case.json',
      JSON.stringify({ ...good, services: [[]] }),
      'at services\\[0\\]: .*object',
    ],
    [
      'with an object for a list',
      'case.json',
      JSON.stringify({ ...good, services: {} }),
      'at services: .*array',
    ],
    [
      'whose window ends first',
      'case.json',
      JSON.stringify({ ...good, window: { from: good.window.to, to: good.window.from } }),
      'at window.to: it ends before',
    ],
    ['with more after its end', 'case.json', `${JSON.stringify(good)} {}`, 'is not JSON: .*more follows'],
    [
      'without a comma',
      'case.json',
      JSON.stringify(good).replace(',"services"', '"services"'),
      'no comma after window',
    ],
    [
      'with a comma too many',
      'case.json',
      JSON.stringify(good).replace('}]}', '},]}'),
      'at changes\\[1\\]: a value is missing',
    ],
    ['with a name that is no text', 'case.json', '{1: 2}', 'the name of a member is no text'],
    [
      'with a bare word',
      'case.json',
      JSON.stringify(good).replace('{"id":"api","tier":1}', 'undefined'),
      'at services\\[0\\]',
    ],
    ['cut off while packed', 'case.json.gz', gzipSync(JSON.stringify(good)).subarray(0, 60), 'is damaged'],
  ])('%s is refused with its place', async (_what, name, content, sentence) => {
    const path = await fileWith(name, content);
    const error = await readCase(path).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ code: 'bad_input' });
    expect(String(error)).toMatch(new RegExp(sentence));
    expect(String(error)).toContain(path);
  });

  it('is refused when it is not there, and when it is a folder', async () => {
    await expect(readCase(join(folder, 'none.json'))).rejects.toThrow(
      /none\.json cannot be read: there is no such file/,
    );
    await expect(readCase(folder)).rejects.toThrow(/is not a file/);
  });

  it('is refused when it is too large, also when it only unpacks to that', async () => {
    const large = JSON.stringify({ ...good, padding: ' '.repeat(3 * 1024 * 1024) });
    const limit = 2 * 1024 * 1024;
    await expect(readCase(await fileWith('case.json', large), limit)).rejects.toThrow(
      /larger than the 2 MiB/,
    );
    const packed = gzipSync(large);
    expect(packed.length).toBeLessThan(limit);
    await expect(readCase(await fileWith('case.json.gz', packed), limit)).rejects.toThrow(
      /larger than the 2 MiB/,
    );
  });
});

describe('a file in pieces', () => {
  const cut = (bytes: Buffer, at: readonly number[]): unknown => {
    const found: Record<string, unknown> = {};
    const cutter = jsonCutter(
      {
        inElements: new Set(['list']),
        onArray: (key) => {
          found[key] = [];
        },
        onMember: (key, text) => {
          found[key] = JSON.parse(text);
        },
        onElement: (key, index, text) => {
          const list = found[key];
          if (!Array.isArray(list) || list.length !== index) throw new Error('an element came out of turn');
          list.push(JSON.parse(text));
        },
      },
      { mostDepth: 64, mostPieceBytes: 1_000_000 },
    );
    const places = [
      0,
      ...at.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b),
      bytes.length,
    ];
    for (const [index, from] of places.entries()) cutter.push(bytes.subarray(from, places[index + 1]));
    cutter.end();
    return found;
  };

  it('says the same wherever the pieces end, between the bytes of a character too', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const document = fc.record({ list: fc.array(value), 'ä "\\': value, other: value });
    const ends = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
    fc.assert(
      fc.property(document, ends, fc.constantFrom(undefined, 2, '\t'), (written, at, space) => {
        const text = JSON.stringify(written, null, space);
        expect(cut(Buffer.from(text), at)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what is cut off anywhere', () => {
    const bytes = Buffer.from(JSON.stringify({ list: [{ a: 'x]' }, 1, null], other: 'é"' }));
    for (let length = 0; length < bytes.length; length += 1)
      expect(() => cut(bytes.subarray(0, length), [])).toThrow();
  });
});

it('ranks a file as it ranks what was written to it', async () => {
  const { truth: _, ...input } = generateCase({ tier: 'T2', seed: 11, services: 25 });
  const path = await fileWith('case.json', JSON.stringify(input));
  expect(rank(await readCase(path))).toEqual(rank(input));
});
