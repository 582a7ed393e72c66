import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Cause, drawCause } from '../../../../electron/correlation/generate/cause.ts';
import { streamsOf } from '../../../../electron/correlation/generate/chance.ts';
import { generateCase } from '../../../../electron/correlation/generate/generate-case.ts';
import { kindMix, tierNames, tierOf } from '../../../../electron/correlation/generate/tiers.ts';
import { drawTopology } from '../../../../electron/correlation/generate/topology.ts';
import { drawVariation, variationOf } from '../../../../electron/correlation/generate/variation.ts';
import { readCase } from '../../../../electron/correlation/read-case.ts';
import { generateCaseFile } from '../../../../electron/host/generate-case-file.ts';
import { CaseFile, type LabelledCase, Truth } from '../../../../shared/formats/case.ts';

const SEEDS = [1, 2, 3, 4];
const MINUTE = 60_000;
const drawn = (tier: (typeof tierNames)[number], seed: number) => generateCase({ tier, seed, services: 25 });

const seriesOf = ({ metrics }: LabelledCase, service: string, name: string): number[] =>
  [...(metrics.find((one) => one.service === service && one.name === name)?.values ?? [])].filter(
    (value) => value !== null,
  );
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each(tierNames)('a case of %s', (tier) => {
  it.each(SEEDS)('is a whole case file with its truth, seed %i', (seed) => {
    const { truth, ...input } = drawn(tier, seed);
    expect(CaseFile.parse(input)).toEqual(input);
    expect(Truth.parse(truth)).toEqual(truth);
    expect(input.changes).toHaveLength(40);
    expect(new Set(input.changes.map(({ id }) => id)).size).toBe(40);
    expect(input.metrics.every(({ values }) => values.length === 240)).toBe(true);
    const [from, to] = [Date.parse(input.window.from), Date.parse(input.window.to)];
    expect(to - from).toBe(240 * MINUTE);
    for (const { at } of input.changes) {
      expect(Date.parse(at)).toBeGreaterThanOrEqual(from);
      expect(Date.parse(at)).toBeLessThanOrEqual(to);
    }
  });

  it.each(SEEDS)('alerts within 45 minutes of its onset and ends 5 to 15 minutes later, seed %i', (seed) => {
    const { truth, window } = drawn(tier, seed);
    const alertMs = Date.parse(truth.alert?.at ?? '');
    const afterOnset = (alertMs - Date.parse(truth.onset)) / MINUTE;
    expect(afterOnset).toBeGreaterThanOrEqual(0);
    expect(afterOnset).toBeLessThanOrEqual(46);
    const goesOn = (Date.parse(window.to) - alertMs) / MINUTE;
    expect(goesOn).toBeGreaterThanOrEqual(5);
    expect(goesOn).toBeLessThanOrEqual(17);
  });

  it.each(SEEDS)('has a guilty change within its delay before the onset, or none at all, seed %i', (seed) => {
    const { truth, changes } = drawn(tier, seed);
    if (tier.startsWith('N')) {
      expect(truth.changes).toEqual([]);
      expect(truth.services.length).toBeGreaterThan(0);
      return;
    }
    const [shortest, longest] = tierOf(tier).delay;
    const guilty = changes.filter(({ id }) => truth.changes.includes(id));
    expect(guilty.length).toBe(truth.origins?.length);
    const leads = guilty.map(({ at }) => (Date.parse(truth.onset) - Date.parse(at)) / MINUTE);
    // A second cause takes effect up to ten minutes later.
    for (const lead of leads) {
      expect(lead).toBeGreaterThanOrEqual(shortest - 10.1);
      expect(lead).toBeLessThanOrEqual(longest + 0.1);
    }
    for (const { service } of guilty) expect(truth.services).toContain(service);
  });

  it.each(SEEDS)('shows its alert in what is measured, seed %i', (seed) => {
    const input = drawn(tier, seed);
    const { service, metric } = input.truth.alert ?? { service: '', metric: '' };
    const values = seriesOf(input, service, metric);
    const usual = meanOf(values.slice(0, 120));
    // Half of what fires it: what comes after may be partly noise and partly over.
    const enough = metric === 'error_rate' ? usual + 0.005 : 1.1 * usual;
    expect(Math.max(...values.slice(-20))).toBeGreaterThan(enough);
  });
});

describe('a generated case', () => {
  it('is the same for the same arguments and another for another seed', () => {
    expect(drawn('T3', 7)).toEqual(drawn('T3', 7));
    expect(drawn('T3', 7)).not.toEqual(drawn('T3', 8));
  });

  it('keeps everything else when one thing is varied', () => {
    expect(drawn('N1', 5).calls).toEqual(drawn('T1', 5).calls);
    const unitsVaried = generateCase({ tier: 'T2', seed: 5, services: 25, vary: { units: 'scaled' } });
    const { changes, truth, calls } = drawn('T2', 5);
    expect(unitsVaried).toMatchObject({ changes, truth, calls });
    expect(unitsVaried.metrics[1]?.unit).toBe('ms');
  });

  it('says nothing by its order or its names about which change did it', () => {
    const cases = Array.from({ length: 60 }, (_, seed) => generateCase({ tier: 'T1', seed, services: 10 }));
    const places = cases.map(({ changes, truth }) =>
      changes.findIndex(({ id }) => truth.changes.includes(id)),
    );
    // Mean of 60 uniform draws from 0..39: 19.5 ± 1.5.
    expect(Math.abs(meanOf(places) - 19.5)).toBeLessThan(6);
    const numbers = cases.map(({ truth }) => Number(truth.services[0]?.split('-')[1]));
    expect(Math.abs(meanOf(numbers) - 5.5)).toBeLessThan(1.5);
  });

  it.each([5, 10, 250])('comes with %i services', (services) => {
    const input = generateCase({ tier: 'T2', seed: 1, services });
    expect(input.services).toHaveLength(services);
    expect(new Set(input.metrics.map(({ service }) => service)).size).toBe(services);
  });

  it.each([1, 2, 3, 4, 5, 6])('comes in every variation that can be drawn, seed %i', (seed) => {
    const vary = drawVariation(seed);
    const input = generateCase({ tier: 'T3', seed, services: 25, vary });
    expect(input.changes).toHaveLength(vary.changes ?? 0);
    expect(input.metrics[0]?.values).toHaveLength(vary.points ?? 0);
    expect(input.metrics[0]?.stepSeconds).toBe(vary.stepSeconds);
    expect(input.calls === undefined).toBe(vary.calls === 'untold');
  });

  it('is refused when nobody would notice anything', () => {
    expect(() => generateCase({ tier: 'T4', seed: 1, services: 10, vary: { size: 0.001 } })).toThrow(
      /larger effects or less noise/,
    );
  });

  it('is written and read again, packed or not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'generated-'));
    try {
      const options = { tier: 'N2', seed: 9, services: 10 } as const;
      for (const name of ['case.json', 'case.json.gz']) {
        generateCaseFile(options, join(folder, name));
        const { changes, calls } = await readCase(join(folder, name));
        expect({ changes, calls }).toEqual({
          changes: generateCase(options).changes,
          calls: generateCase(options).calls,
        });
      }
      expect(() => generateCaseFile(options, join(folder, 'none', 'case.json'))).toThrow(/cannot be written/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('causes', () => {
  const { topology: chance, cause } = streamsOf(3, ['topology', 'cause']);
  const topology = drawTopology(chance, 50);
  const mix = { origins: kindMix, unlisted: 0, size: 1 };
  const causes: Cause[] = Array.from({ length: 4000 }, () =>
    drawCause(cause, topology, tierOf('T1'), mix, 240),
  );

  it.each(Object.entries(kindMix))('are of kind %s in %f of cases', (kind, share) => {
    const found = causes.filter(({ origin }) => origin === kind).length / causes.length;
    expect(Math.abs(found - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / causes.length));
  });

  it('hit the whole machine when it is the machine, else one service; a surge comes in at an entry', () => {
    for (const { origin, service, hit } of causes) {
      const node = topology.nodeOf[service];
      const expected =
        origin === 'infrastructure'
          ? topology.nodeOf.flatMap((other, index) => (other === node ? [index] : []))
          : [service];
      expect(hit).toEqual(expected);
      if (origin === 'traffic') expect(topology.entries).toContain(service);
    }
  });
});

describe('variations told by hand', () => {
  it('are read with their bounds', () => {
    expect(variationOf(['noise=1.5', 'units=scaled', 'stepSeconds=30', 'points=400'])).toEqual({
      noise: 1.5,
      units: 'scaled',
      stepSeconds: 30,
      points: 400,
    });
  });

  it.each([
    ['unknown=1', /Known are .*noise/],
    ['noise', /noise cannot be varied/],
    ['noise=loud', /noise cannot be varied/],
    ['stepSeconds=0', /stepSeconds cannot be varied/],
    ['points=30', /too short a window/],
  ])('are refused when they make no sense: %s', (setting, sentence) => {
    expect(() => variationOf([setting])).toThrow(sentence);
  });
});
