import { describe, expect, it } from 'vitest';
import { generateCase } from '../../../../electron/correlation/generate/generate-case.ts';
import { exposureAt } from '../../../../electron/correlation/generate/rollout.ts';
import type { CaseChange, CaseMetric, LabelledCase } from '../../../../shared/formats/case.ts';

const drawn = Array.from({ length: 24 }, (_, seed) =>
  generateCase({ tier: 'T1', seed, services: 25, vary: { cohorts: 1, noise: 0.3 } }),
);
const guiltyOf = ({ changes, truth }: LabelledCase): CaseChange[] =>
  changes.filter(({ id }) => truth.changes.includes(id)).sort((a, b) => (a.at < b.at ? -1 : 1));
const causedBy = (kind: string, effects: readonly string[]): LabelledCase[] =>
  drawn.filter(({ truth }) => {
    const [first] = truth.origins ?? [];
    return first !== undefined && first.origin === kind && effects.includes(first.effect);
  });

/** Mean of the samples that both have at the same steps, from the onset on. */
function pairOfMeans({ truth }: LabelledCase, one: CaseMetric, other: CaseMetric): [number, number, number] {
  const first = Math.ceil((Date.parse(truth.onset) - Date.parse(one.from)) / 60_000);
  const pairs = [...one.values.keys()].flatMap((step) => {
    const [a, b] = [one.values[step], other.values[step]];
    return step >= first && typeof a === 'number' && typeof b === 'number' ? [[a, b] as const] : [];
  });
  const mean = (place: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[place], 0) / pairs.length;
  return [mean(0), mean(1), pairs.length];
}

const seriesWith = (input: LabelledCase, service: string, name: string, labels: Record<string, string>) =>
  input.metrics.find(
    (one) =>
      one.service === service &&
      one.name === name &&
      Object.entries(labels).every(([label, value]) => one.labels?.[label] === value),
  );

describe('cohorts of a generated case', () => {
  it('are bad only where the guilty flag is on', () => {
    const cases = causedBy('flag', ['latency', 'errors']);
    expect(cases.length).toBeGreaterThan(1);
    let compared = 0;
    for (const input of cases) {
      const [first] = guiltyOf(input);
      const effect = input.truth.origins?.[0]?.effect;
      const name = effect === 'errors' ? 'error_rate' : 'latency_p99';
      const [on, off] = ['on', 'off'].map((variant) =>
        seriesWith(input, first?.service ?? '', name, { flag: first?.labels?.['flag'] ?? '', variant }),
      );
      if (!on || !off) throw new Error('both variants of a guilty flag are measured');
      const [with_, without, pairs] = pairOfMeans(input, on, off);
      if (pairs < 2) continue;
      compared += 1;
      expect(with_).toBeGreaterThan(1.3 * without);
    }
    expect(compared).toBeGreaterThan(0);
  });

  it('differ in nothing but noise where a harmless flag is on', () => {
    let compared = 0;
    for (const input of drawn) {
      const guilty = new Set(guiltyOf(input).map(({ labels }) => labels?.['flag']));
      const on = input.metrics.filter(
        ({ name, labels }) =>
          name === 'latency_p99' && labels?.['variant'] === 'on' && !guilty.has(labels['flag']),
      );
      for (const one of on) {
        const flag = one.labels?.['flag'] ?? '';
        const off = seriesWith(input, one.service, one.name, { flag, variant: 'off' });
        if (!off) continue;
        const [with_, without, pairs] = pairOfMeans(input, one, off);
        if (pairs < 10) continue;
        compared += 1;
        expect(Math.abs(with_ / without - 1)).toBeLessThan(0.2);
      }
    }
    expect(compared).toBeGreaterThan(5);
  });

  it('name the version that each release brought, in their order', () => {
    const [input] = causedBy('deploy', ['latency', 'errors', 'work', 'leak', 'fanOut']);
    if (!input) throw new Error('a release is behind some case');
    const [guilty] = guiltyOf(input);
    const releases = input.changes
      .filter(({ kind, service }) => kind === 'deploy' && service === guilty?.service)
      .sort((a, b) => (a.at < b.at ? -1 : 1));
    expect(releases.map(({ labels }) => labels?.['version'])).toEqual(
      releases.map((_, index) => `1.${index + 1}`),
    );
    const own = seriesWith(input, guilty?.service ?? '', 'requests_per_second', {
      version: guilty?.labels?.['version'] ?? '',
    });
    const firstSeen = own?.values.findIndex((value) => value !== null) ?? -1;
    const deployedAt = (Date.parse(guilty?.at ?? '') - Date.parse(own?.from ?? '')) / 60_000;
    expect(firstSeen).toBeGreaterThanOrEqual(Math.floor(deployedAt));
    expect(firstSeen).toBeLessThanOrEqual(deployedAt + 3);
  });

  it('come with rising stages of each flag, of harmless ones too, and never more changes for it', () => {
    const staged = new Set<boolean>();
    for (const input of drawn) {
      expect(input.changes).toHaveLength(40);
      const flags = Map.groupBy(
        input.changes.filter(({ labels }) => labels?.['flag'] !== undefined),
        ({ labels }) => labels?.['flag'],
      );
      for (const stages of flags.values()) {
        const inOrder = stages.toSorted((a, b) => (a.at < b.at ? -1 : 1));
        const shares = inOrder.map(({ labels }) => Number(labels?.['rollout']));
        expect(shares).toEqual(shares.toSorted((a, b) => a - b));
        if (stages.length > 1) staged.add(input.truth.changes.includes(stages[0]?.id ?? ''));
      }
    }
    expect(staged).toEqual(new Set([true, false]));
  });

  it('leave the case as it is without them when none are asked for', () => {
    const plain = generateCase({ tier: 'T1', seed: 3, services: 25, vary: { cohorts: 0 } });
    expect(plain).toEqual(generateCase({ tier: 'T1', seed: 3, services: 25 }));
    expect(plain.metrics.every(({ labels }) => labels === undefined)).toBe(true);
    expect(plain.changes.every(({ labels }) => labels === undefined)).toBe(true);
  });
});

it.each([
  ['before it begins', 9, 0],
  ['within the first stage', 10, 0.1],
  ['at the second', 15, 0.5],
  ['long after', 99, 1],
])('a staged rollout has reached its share %s', (_when, minute, share) => {
  const stages = [
    { minute: 10, share: 0.1 },
    { minute: 15, share: 0.5 },
    { minute: 20, share: 1 },
  ];
  expect(exposureAt({ stages, overMinutes: 0 }, minute)).toBeCloseTo(share);
});

it('a rolling release replaces pods evenly', () => {
  const rolling = { stages: [{ minute: 10, share: 1 }], overMinutes: 4 };
  expect([9, 10, 11, 12, 14, 20].map((minute) => exposureAt(rolling, minute))).toEqual([
    0, 0, 0.25, 0.5, 1, 1,
  ]);
});
