import { expect, it } from 'vitest';
import { latelyRead } from '../../../../electron/host/metrics/lately-read.ts';

function counting(fails = false) {
  let asked = 0;
  const { read } = latelyRead(async (input: string) => {
    asked += 1;
    if (fails) throw new Error('down');
    return `${input} ${asked}`;
  });
  return { read, asked: () => asked };
}

it('asks once for what is asked about again, also while the answer is still to come', async () => {
  const { read, asked } = counting();
  const [one, other] = await Promise.all([read('a', 'x'), read('a', 'x')]);
  expect([one, other, await read('a', 'x')]).toEqual(['x 1', 'x 1', 'x 1']);
  expect(asked()).toBe(1);
});

it('keeps the three that were asked for last', async () => {
  const { read, asked } = counting();
  for (const key of ['a', 'b', 'c', 'a', 'd', 'a']) await read(key, key);
  expect(asked()).toBe(4);
  await read('b', 'b');
  expect(asked()).toBe(5);
});

it('does not remember a failure', async () => {
  const { read, asked } = counting(true);
  await expect(read('a', 'x')).rejects.toThrow('down');
  await expect(read('a', 'x')).rejects.toThrow('down');
  expect(asked()).toBe(2);
});
