import fc from 'fast-check';
import { expect, it } from 'vitest';
import { textLines } from '../../../../electron/connectors/kubernetes/text-lines.ts';

async function* inPieces(bytes: Buffer, sizes: readonly number[]) {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

it('gives every whole line once, however the bytes are cut up', async () => {
  const line = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((text) => text.trim() !== '' && !text.includes('\n'));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat(7)), async (lines, sizes) => {
      const bytes = Buffer.from([...lines, 'cut off'].join('\n'));
      const read: string[] = [];
      for await (const text of textLines(inPieces(bytes, sizes), 10_000)) read.push(text);
      expect(read).toEqual(lines);
    }),
  );
});

it('gives up on a line without end', async () => {
  async function* endless() {
    for (;;) yield Buffer.alloc(1_000, 'x');
  }
  const read = async () => {
    for await (const _line of textLines(endless(), 100_000));
  };
  await expect(read()).rejects.toMatchObject({ code: 'bad_reply' });
});
