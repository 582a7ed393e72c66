import { describe, expect, it } from 'vitest';
import { compareDocuments } from '../../../../electron/guard/envelope/compare-documents.ts';
import { loadEnvelope } from '../../../../electron/guard/envelope/load-envelope.ts';
import type { LoadedEnvelope } from '../../../../electron/guard/envelope/loaded-envelope.ts';
import type { Envelope } from '../../../../shared/formats/envelope.ts';

const shipped = loadEnvelope('resources/envelope');
const ola = {
  name: 'Ola',
  may: [{ actions: ['*'], environments: ['*'], tiers: ['ack' as const] }],
};
const freeze: Envelope['windows'][number] = {
  name: 'year-end',
  kind: 'freeze',
  timeZone: 'UTC',
  starts: '2026-12-23T00:00:00',
  lasts: 'P10D',
};

const edited = (edit: (envelope: Envelope) => void): LoadedEnvelope => {
  const envelope = structuredClone(shipped.envelope);
  edit(envelope);
  return { ...shipped, envelope };
};
const first = <T>(list: readonly T[]): T => {
  const [one] = list;
  if (one === undefined) throw new Error('The default names at least one');
  return one;
};

/** What an edit of the default does, and what taking it back does. */
const bothWays = (newer: LoadedEnvelope) => ({
  there: compareDocuments(shipped, newer).map(({ effect }) => effect),
  back: compareDocuments(newer, shipped).map(({ effect }) => effect),
  words: compareDocuments(shipped, newer)
    .map(({ sentence }) => sentence)
    .join('\n'),
});

it('finds nothing where only the version is another', () => {
  expect(
    compareDocuments(
      shipped,
      edited((one) => {
        one.version = '99';
      }),
    ),
  ).toEqual([]);
});

describe('an edit that is wider, and narrower when taken back', () => {
  it.each<[string, (envelope: Envelope) => void, RegExp]>([
    [
      'another stage',
      (one) => {
        one.stage = 'bounded';
      },
      /stage is bounded, was supervised/,
    ],
    [
      'more replicas',
      (one) => {
        one.limits.bounds['scale-workload'] = { replicas: { min: 1, max: 40 } };
      },
      /most replicas of scale-workload: 40, was 20/,
    ],
    [
      'fewer replicas',
      (one) => {
        one.limits.bounds['scale-workload'] = { replicas: { min: 0, max: 20 } };
      },
      /least replicas of scale-workload: 0, was 1/,
    ],
    [
      'no bounds',
      (one) => void delete one.limits.bounds['scale-workload'],
      /replicas of scale-workload is no longer bounded/,
    ],
    [
      'more executions',
      (one) => {
        one.limits.executionsPerTargetAndHour += 1;
      },
      /on one target within an hour/,
    ],
    [
      'offers that live longer',
      (one) => {
        one.limits.proposalExpiresMinutes += 1;
      },
      /until an offer expires/,
    ],
    [
      'more failures in a row',
      (one) => {
        one.breakers.failuresInARow += 1;
      },
      /Failures in a row/,
    ],
    [
      'failures counted over less time',
      (one) => {
        one.breakers.executions.withinMinutes -= 1;
      },
      /Minutes over which executions count/,
    ],
    [
      'a larger budget',
      (one) => {
        one.breakers.analyst.turns += 1;
      },
      /Turns/,
    ],
    [
      'another environment',
      (one) => void one.environments.push({ name: 'lab', namespaces: ['lab-*'] }),
      /Environment lab is new/,
    ],
  ])('%s', (_case, edit, words) => {
    const found = bothWays(edited(edit));
    expect(found.words).toMatch(words);
    expect(new Set(found.there)).toEqual(new Set(['wider']));
    expect(new Set(found.back)).toEqual(new Set(['narrower']));
  });
});

describe('an edit that is narrower, and wider when taken back', () => {
  it.each<[string, (envelope: Envelope) => void, RegExp]>([
    [
      'fewer namespaces',
      (one) => {
        first(one.environments).namespaces = ['shop'];
      },
      /Namespaces of .*: no longer \*, but shop/,
    ],
    ['a freeze', (one) => void one.windows.push(freeze), /The freeze year-end is new/],
    [
      'an end',
      (one) => {
        one.validUntil = '2027-01-01T00:00:00Z';
      },
      /valid until 2027-01-01T00:00:00Z, was no end/,
    ],
    ['named approvers', (one) => void one.approvers.push(ola), /Only Ola may approve/],
    [
      'a change window',
      (one) => {
        first(one.environments).changesOnlyIn = ['office'];
      },
      /Change windows of .*: office, was any/,
    ],
    [
      'clusters by name',
      (one) => {
        first(one.environments).clusters = ['prod-*'];
      },
      /Clusters of .*: no longer \*, but prod-\*/,
    ],
    [
      'a label that namespaces must carry',
      (one) => {
        first(one.environments).namespaceLabels = { team: 'shop' };
      },
      /must carry team=shop/,
    ],
    [
      'credentials that are refused',
      (one) => {
        one.credentials.surplus = 'refuse';
      },
      /refused, no longer only warned of/,
    ],
    [
      'a longest step',
      (one) => {
        one.limits.bounds['scale-workload'] = { replicas: { min: 1, max: 20, step: 2 } };
      },
      /longest step .*: 2, was unlimited/,
    ],
  ])('%s', (_case, edit, words) => {
    const found = bothWays(edited(edit));
    expect(found.words).toMatch(words);
    expect(found.there).toEqual(['narrower']);
    expect(found.back).toEqual(['wider']);
  });
});

describe('a policy', () => {
  const permit = {
    id: 'more',
    text: '@id("more")\n// forbid nothing\npermit(principal, action, resource);',
    file: 'policies/x.cedar',
  };
  const forbid = {
    id: 'less',
    text: '@id("less") @reason("we permit no forbid")\nforbid(principal, action, resource);',
    file: 'policies/x.cedar',
  };

  it.each([
    [permit, 'wider', 'narrower', 'Policy more is new: it permits'],
    [forbid, 'narrower', 'wider', 'Policy less is new: it forbids'],
  ])('is told by what it does, not by the words in it: $id', (policy, there, back, words) => {
    const found = bothWays({ ...shipped, policies: [...shipped.policies, policy] });
    expect(found).toEqual({ there: [there], back: [back], words });
  });

  it('that was edited is left to the truth tables to judge', () => {
    const was = { ...shipped, policies: [permit] };
    const is = {
      ...shipped,
      policies: [{ ...permit, text: permit.text.replace('resource)', 'resource is Target)') }],
    };
    expect(compareDocuments(was, is)).toEqual([
      { effect: 'either', sentence: 'Policy more was edited (permit)' },
    ]);
    expect(compareDocuments(was, { ...is, policies: [permit], schema: `${shipped.schema} ` })).toEqual([
      { effect: 'either', sentence: 'The schema of the policies changed' },
    ]);
  });
});

it('tells that lines or environments stand in another order, for the first that fits decides', () => {
  const turned = edited((one) => void one.tiers.reverse());
  expect(compareDocuments(shipped, turned)).toEqual([
    { effect: 'either', sentence: 'The tier lines stand in another order' },
  ]);
  const two = edited((one) => void one.environments.push({ name: 'lab', namespaces: ['lab-*'] }));
  const swapped = edited((one) => {
    one.environments.unshift({ name: 'lab', namespaces: ['lab-*'] });
  });
  expect(compareDocuments(two, swapped)).toEqual([
    { effect: 'either', sentence: 'The environments stand in another order' },
  ]);
});
