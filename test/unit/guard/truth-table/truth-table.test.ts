import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { loadFrom } from '../../../../electron/guard/envelope/load-envelope.ts';
import type { LoadedEnvelope } from '../../../../electron/guard/envelope/loaded-envelope.ts';
import { environmentOf } from '../../../../electron/guard/environment-of.ts';
import { type Finding, judge } from '../../../../electron/guard/guard.ts';
import { plainRequest } from '../../../../electron/guard/plain-request.ts';
import type { Judged } from '../../../../electron/guard/rule.ts';
import { axesAt } from '../../../../electron/guard/truth-table/axes.ts';
import { compareEnvelopes } from '../../../../electron/guard/truth-table/compare-tables.ts';
import { placeInWords } from '../../../../electron/guard/truth-table/places.ts';
import { questionsFor, TruthTable, truthTable } from '../../../../electron/guard/truth-table/truth-table.ts';
import { defaultLoaded, loadedWith } from '../../../fixtures/request-of.ts';

// Two tables a test are a second of work, and many more on a machine that does other things besides.
vi.setConfig({ testTimeout: 60_000 });

/** The envelope that ships, with one file changed. */
function edited(path: string, change: (text: string) => string): LoadedEnvelope {
  const files = new Map(Object.entries(defaultLoaded.files));
  files.set(path, change(files.get(path) ?? ''));
  return loadFrom(files, 'edited', 'b'.repeat(64));
}
const wordOf = (finding: Finding) =>
  finding.kind === 'offer'
    ? `${finding.executes === false ? 'judge' : 'offer'} ${finding.tier}`
    : finding.kind;
const { limits, environments, tiers } = defaultLoaded.envelope;

it('is the same for the same envelope, fits its schema, and is small', () => {
  const table = truthTable(defaultLoaded);
  expect(TruthTable.parse(JSON.parse(JSON.stringify(table)))).toEqual(truthTable(defaultLoaded));
  expect(JSON.stringify(table).length).toBeLessThan(50_000);
  expect(new Set(table.rows.map(({ action }) => action)).size).toBe(14);
});

it('says what the guard says, wherever it is asked', () => {
  const asked = loadedWith({
    environments: [
      { name: 'staging', namespaces: ['staging-*'] },
      { name: 'production', namespaces: ['*'], clusters: ['*'], changesOnlyIn: ['hours'] },
    ],
    windows: [
      { name: 'hours', kind: 'change-window', timeZone: 'UTC', starts: '2026-01-01T09:00:00', lasts: 'PT8H' },
    ],
    serviceTiers: { default: 2, names: [{ name: 'else*', tier: 4 }] },
    tiers: [{ when: { serviceTierAtMost: 1 }, tier: 'two-person' }, ...tiers],
  });
  const questions = questionsFor([asked]);
  const table = truthTable(asked, questions);
  const rows = new Map(
    table.rows.map(({ action, kind, place, node }) => [`${action} ${kind} ${place}`, node]),
  );
  const somewhere = fc
    .tuple(fc.constantFrom(...questions.actions), fc.constantFrom(...questions.placesOf.keys()))
    .chain(([action, kind]) =>
      fc.constantFrom(...(questions.placesOf.get(kind) ?? [])).map((place) => ({ action, kind, place })),
    );
  const picks = fc.tuple(...questions.axes.map(({ values }) => fc.nat(values.length - 1)));
  fc.assert(
    fc.property(somewhere, picks, ({ action, kind, place }, pick) => {
      const target = { ...plainRequest.target, ...place, kind } as unknown as Judged['target'];
      const environment = environmentOf(asked.envelope, { ...place, target });
      const rest = { ...plainRequest, ...place, action, target, environment, envelope: asked.envelope };
      const chosen = axesAt(questions.axes, rest).map(({ member, values }, at) => [
        member,
        values[pick[at] ?? 0]?.is,
      ]);
      const finding = judge({ ...rest, ...Object.fromEntries(chosen) }, asked);
      let at: number | null = rows.get(`${action} ${kind} ${placeInWords(kind, place)}`) ?? null;
      for (;;) {
        const node = at === null ? 'deny' : table.nodes[at];
        if (typeof node === 'object') at = node.next[pick[node.asks] ?? 0] ?? null;
        else {
          expect(node).toBe(wordOf(finding));
          return;
        }
      }
    }),
    { numRuns: 400 },
  );
});

it('finds nothing to tell between an envelope and itself', () => {
  expect(compareEnvelopes(defaultLoaded, defaultLoaded)).toEqual([]);
});

it.each<[string, LoadedEnvelope, 'wider' | 'narrower', RegExp]>([
  [
    'a forbid that is taken away',
    edited('policies/20-forbid.cedar', (text) => text.replace(/@id\("target-not[^;]*;/, '')),
    'wider',
    /deny → offer .*not observed/,
  ],
  [
    'a forbid that is added',
    edited(
      'policies/20-forbid.cedar',
      (text) =>
        `${text}\n@id("no-cart")\nforbid (principal, action, resource) when { resource.name == "cart" };`,
    ),
    'narrower',
    /→ deny.*\/cart/,
  ],
  [
    'a permit that is wider by a kind of target',
    edited('policies/10-permit.cedar', (text) =>
      text.replace(
        'when { resource.environment == "production" && resource.kind == "Pod" }',
        'when { resource.kind == "Pod" || resource.kind == "Deployment" }',
      ),
    ),
    'wider',
    /evict-pod.*Deployment/,
  ],
  [
    'a higher limit',
    loadedWith({ limits: { ...limits, executionsPerTargetAndHour: 5 } }),
    'wider',
    /3 executions on the target,4 executions on the target/,
  ],
  [
    'a lower tier',
    loadedWith({
      tiers: tiers.map((line) => (line.tier === 'two-person' ? { ...line, tier: 'ack' } : line)),
    }),
    'wider',
    /offer two-person → offer ack.*blast radius namespace/,
  ],
  [
    'an environment that asks for a change window',
    loadedWith({
      environments: environments.map((one) => ({ ...one, changesOnlyIn: ['hours'] })),
      windows: [
        {
          name: 'hours',
          kind: 'change-window',
          timeZone: 'UTC',
          starts: '2026-01-01T09:00:00',
          lasts: 'PT8H',
        },
      ],
    }),
    'narrower',
    /→ deny.*outside every change window/,
  ],
  [
    'an environment that covers less',
    loadedWith({ environments: [{ name: 'production', namespaces: ['shop-*'] }] }),
    'narrower',
    /→ deny/,
  ],
])('tells %s', (_case, after, direction, words) => {
  const changes = compareEnvelopes(defaultLoaded, after);
  const told = changes.map(
    ({ from, to, actions, targets, when }) =>
      `${from} → ${to}: ${actions} on ${targets} when ${when.join(' and ')}`,
  );
  expect(told.join('\n')).toMatch(words);
  expect(new Set(changes.map((change) => change.direction))).toEqual(new Set([direction]));
});
