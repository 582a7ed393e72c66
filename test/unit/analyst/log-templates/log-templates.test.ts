import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupByTemplate, WILDCARD } from '../../../../electron/analyst/log-templates/log-templates.ts';

const lines = (...texts: string[]) => texts.map((text, atMs) => ({ atMs, text }));

it('puts lines that differ in their parameters into one group, and others into their own', async () => {
  const { groups } = await groupByTemplate(
    lines(
      'level=info msg="request served" path=/v1/items/42 status=200 took=17',
      'level=info msg="request served" path=/v1/items/7 status=200 took=3',
      'level=error msg="request failed" path=/v1/items/7 error=timeout',
      'level=info msg="request served" path=/healthz1 status=503 took=29',
    ),
    1,
  );
  expect(groups).toEqual([
    {
      template: `level=info msg="request served" path=${WILDCARD} status=${WILDCARD} took=${WILDCARD}`,
      count: 3,
      before: 1,
      firstMs: 0,
      lastMs: 3,
      sample: 'level=info msg="request served" path=/v1/items/42 status=200 took=17',
    },
    expect.objectContaining({ count: 1, before: 0, firstMs: 2 }),
  ]);
});

it('tells members of a line of JSON apart that holds no blank', async () => {
  const { groups } = await groupByTemplate(
    lines(
      '{"ts":17,"level":"ERROR","message":"boom","trace":"a1"}',
      '{"ts":18,"level":"ERROR","message":"boom","trace":"b2"}',
      '{"ts":19,"level":"INFO","message":"fine","size":3}',
    ),
    0,
  );
  expect(groups.map(({ count }) => count)).toEqual([2, 1]);
  expect(groups[0]?.template).toContain('"message":"boom",');
});

const line = fc.record({
  atMs: fc.integer({ min: 0, max: 1_000 }),
  text: fc.oneof(fc.string({ unit: 'binary' }), fc.lorem({ maxCount: 12 }), fc.constant('')),
});

it('counts every line once, within its own bounds, whatever was logged', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 200 }),
      fc.integer({ min: 0, max: 1_000 }),
      async (written, splitMs) => {
        const { groups, ungrouped } = await groupByTemplate(written, splitMs);
        const sum = (of: (group: (typeof groups)[number]) => number) =>
          groups.reduce((total, group) => total + of(group), 0);
        expect(sum(({ count }) => count) + ungrouped).toBe(written.length);
        if (ungrouped === 0)
          expect(sum(({ before }) => before)).toBe(written.filter(({ atMs }) => atMs < splitMs).length);
        for (const { firstMs, lastMs, count, before, sample } of groups) {
          expect(firstMs).toBeLessThanOrEqual(lastMs);
          expect(before).toBeLessThanOrEqual(count);
          expect(written.some(({ text }) => text === sample)).toBe(true);
        }
      },
    ),
  );
});

it('holds a bounded number of groups however many kinds of lines there are', async () => {
  const word = (at: number) => String.fromCharCode(97 + (at % 26)).repeat(1 + Math.floor(at / 26));
  const { groups, ungrouped } = await groupByTemplate(
    Array.from({ length: 2_000 }, (_, at) => ({
      atMs: at,
      text: `${word(at)} ${word(at + 1)} ${word(at + 2)}`,
    })),
    0,
  );
  expect(groups.length).toBeLessThanOrEqual(400);
  expect(groups.length + ungrouped).toBe(2_000);
});

it('groups what begins alike, however long the lines go on', async () => {
  const { groups } = await groupByTemplate(
    lines(`a ${'b '.repeat(100_000)}c`, `a ${'b '.repeat(100_000)}d`),
    0,
  );
  expect(groups.map(({ count }) => count)).toEqual([2]);
});

it('ends where it is when whoever asked is stopped', async () => {
  const stopping = new AbortController();
  const written = function* () {
    for (let at = 0; ; at += 1) {
      if (at === 5_000) stopping.abort();
      yield { atMs: at, text: `line ${at}` };
    }
  };
  await expect(groupByTemplate(written(), 0, stopping.signal)).rejects.toThrow();
});
