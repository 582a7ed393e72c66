import { expect, it } from 'vitest';
import type { Alert } from '../../../electron/connectors/source.ts';
import type { Quiet } from '../../../electron/connectors/standing-alerts.ts';
import { quietWords, standingOf, standingWords } from '../../../electron/timeline/standing.ts';

const alert = (name: string, groups: string[] = []): Alert => ({
  fingerprint: name,
  raw: null,
  name,
  severity: 'warning',
  service: null,
  labels: {},
  summary: name,
  startedMs: 0,
  groups,
});
const known = { pending: [], runningSinceMs: null, isRestarting: false };
const untilMs = Date.parse('2026-03-01T12:00:00Z');

it.each<[Quiet, string]>([
  [
    { kind: 'silenced', by: 'mina', comment: 'known', untilMs },
    'silenced by mina until 2026-03-01 12:00 UTC (known)',
  ],
  [{ kind: 'silenced', by: '', comment: '', untilMs: null }, 'silenced by somebody'],
  [{ kind: 'inhibited', by: 'Down' }, 'inhibited by Down'],
  [{ kind: 'inhibited', by: null }, 'inhibited by another alert'],
  [{ kind: 'muted', by: 'weekends' }, 'muted by the time interval weekends'],
])('%j reads %s', (quiet, words) => expect(quietWords(quiet)).toBe(words));

it('says how many alerts fire in how many groups, and what is kept quiet', () => {
  const firing = [alert('a', ['x=1', 'all']), alert('b', ['all'])];
  const quiet = [
    { ...alert('c'), quiet: { kind: 'inhibited' as const, by: 'a' } },
    { ...alert('d'), quiet: { kind: 'inhibited' as const, by: 'a' } },
  ];
  expect(standingWords({ ...known, firing, quiet })).toBe(
    '2 alerts are firing in 2 groups; kept quiet: c, inhibited by a, and 1 more',
  );
  expect(standingWords({ ...known, firing: [alert('a')], quiet: null })).toBe('1 alert is firing');
});

it('knows of a source that tells no more than what fires that it tells no more', async () => {
  const standing = await standingOf({ firing: async () => [alert('a')] }, new AbortController().signal);
  expect(standing).toEqual({ ...known, firing: [alert('a')], quiet: null });
});
