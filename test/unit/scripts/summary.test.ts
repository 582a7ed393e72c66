import { expect, test } from 'vitest';
import { summary } from '../../../scripts/testing/summary.mjs';

const result = (stage: string, passed: number, failed = 0, ...titles: string[]) => ({
  stage,
  passed,
  failed,
  skipped: titles.map((title) => ({ title, because: 'there is none here' })),
});

test('the last line sums all stages and is silent about skips when there are none', () => {
  const { lines, last, ok } = summary([result('lint', 1), result('unit', 40)], { ci: true });
  expect({ lines, last, ok }).toEqual({ lines: [], last: '41 passed, 0 failed', ok: true });
});

test('one failed test is enough', () => {
  expect(summary([result('unit', 40, 1)], { ci: false })).toMatchObject({
    last: '40 passed, 1 failed',
    ok: false,
  });
});

test('a failed test is named again at the end', () => {
  const failed = { ...result('unit', 40, 1), failures: ['rates are summed'] };
  expect(summary([failed], { ci: true }).lines).toEqual(['failed: unit: rates are summed']);
});

test('nothing run is nothing proven', () => {
  expect(summary([], { ci: false }).ok).toBe(false);
  expect(summary([result('e2e', 0, 0, 'every test')], { ci: false }).ok).toBe(false);
});

test('a skip is named with its reason and counted', () => {
  const { lines, last, ok } = summary([result('integration', 5, 0, 'an alert fires')], { ci: false });
  expect(lines).toEqual(['skipped: integration: an alert fires (there is none here)']);
  expect({ last, ok }).toEqual({ last: '5 passed, 0 failed, 1 skipped', ok: true });
});

test('in CI a skip is a failure', () => {
  const { lines, last, ok } = summary([result('integration', 5, 0, 'an alert fires')], { ci: true });
  expect(lines).toEqual(['skipped, a failure in CI: integration: an alert fires (there is none here)']);
  expect({ last, ok }).toEqual({ last: '5 passed, 1 failed', ok: false });
});

test('in CI only the want of the Electron binary is excused', () => {
  const titles = ['the window opens [needs the Electron binary]', 'the page needs the Electron binary'];
  expect(summary([result('e2e', 5, 0, ...titles)], { ci: true })).toMatchObject({
    last: '5 passed, 1 failed, 1 skipped',
    ok: false,
  });
});
