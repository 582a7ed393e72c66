import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitTables } from '../../../../renderer/reports/split-tables.ts';

it('cuts a table out of the text around it', () => {
  expect(splitTables('# Title\n\n| a | b |\n| --- | :-: |\n| 1 | *2* |\n| 3 |\n\nafter')).toEqual([
    { kind: 'text', markdown: '# Title\n' },
    {
      kind: 'table',
      head: ['a', 'b'],
      rows: [
        ['1', '*2*'],
        ['3', ''],
      ],
    },
    { kind: 'text', markdown: '\nafter' },
  ]);
});

it.each([
  ['a line of bars without a rule', '| a | b |\n| c | d |'],
  ['a rule with another number of cells', '| a | b |\n| --- |'],
  ['a fenced block', '```\n| a |\n| --- |\n| b |\n```'],
])('leaves %s as text', (_case, markdown) =>
  expect(splitTables(markdown)).toEqual([{ kind: 'text', markdown }]),
);

it('takes an empty head and a bar that is escaped', () => {
  expect(splitTables('| | |\n| --- | --- |\n| a \\| b | c |')).toEqual([
    { kind: 'table', head: ['', ''], rows: [['a | b', 'c']] },
  ]);
});

it('loses no line of a text without tables', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[^|`~\n\r]*$/)), (lines) => {
      const markdown = lines.join('\n');
      const [block, ...rest] = splitTables(markdown);
      expect(rest).toEqual([]);
      if (markdown.trim() !== '') expect(block).toEqual({ kind: 'text', markdown });
    }),
  );
});
