import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCase } from '../../../electron/correlation/read-case.ts';
import { Failure } from '../../../electron/platform/failure.ts';
import { caseWith, change, metric } from '../../fixtures/case-builder.ts';

const good = caseWith({
  services: [{ id: 'api', tier: 1 }],
  metrics: [metric({ service: 'api', kind: 'latency', normal: 0.1, minutes: 5 })],
  changes: [change('c1', 'api', 3)],
});

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
    expect(await readCase(await fileWith(name, content))).toEqual(good);
  });

  it('may have members of its own, which are passed over', async () => {
    const path = await fileWith('case.json', JSON.stringify({ ...good, truth: { changes: ['c1'] } }));
    expect(await readCase(path)).toEqual(good);
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
      'with two faults',
      'case.json',
      JSON.stringify({ ...good, services: 1, changes: 2 }),
      'at services: .*\\(and 1 more\\)',
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
