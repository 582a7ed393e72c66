import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { distances } from '../../../electron/sandbox/generate/distances.ts';
import {
  causes,
  type GenerateOptions,
  generateScenario,
  ordinaryOptions,
} from '../../../electron/sandbox/generate/generate-scenario.ts';
import { scenarioFiles } from '../../../electron/sandbox/generate/write-scenario.ts';
import { openDrill } from '../../../electron/sandbox/open-drill.ts';
import { drawDrill } from '../../../electron/sandbox/scenario/draw-drill.ts';
import { loadScenarios } from '../../../electron/sandbox/scenario/load-scenarios.ts';
import { createSimulation } from '../../../electron/sandbox/simulation.ts';

const nowMs = Date.parse('2026-03-03T03:00:00Z');
const generate = (options: Partial<GenerateOptions> = {}) =>
  generateScenario({ ...ordinaryOptions, seed: 5, ...options });

const folder = mkdtempSync(join(tmpdir(), 'countersign-generated-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a generated scenario', () => {
  it.each(causes)('with the cause %s opens, and its answer names what was done', (cause) => {
    const scenario = generate({ cause, services: 24 });
    const { drill, simulation, answer } = openDrill(scenario, 5, nowMs);
    const { changes, services, alertedMs } = answer();
    const [fault] = drill.faults;
    const made = simulation
      .made()
      .filter(({ entry }) => entry.part?.kind === 'fault')
      .map(({ id }) => id);
    const isOurs = fault?.fault.kind !== 'provider' && fault?.fault.kind !== 'surge';
    expect(made).toHaveLength(isOurs ? 1 : 0);
    expect(changes).toEqual(made);
    expect(services).toEqual(isOurs ? [fault?.service] : []);
    expect(simulation.firstFiredMs()).toBe(alertedMs);
    expect(nowMs - alertedMs).toBeGreaterThan(0);
    expect(nowMs - alertedMs).toBeLessThan(61_000);
  });

  it('is read back from its files as it was, and the files are the same for the same seed', () => {
    const scenario = generate({ missingScrapes: 0.02, noise: 1.5, unmeasuredServices: 2 });
    const files = scenarioFiles(scenario);
    mkdirSync(join(folder, 'topologies'), { recursive: true });
    writeFileSync(join(folder, `${files.name}.yaml`), files.scenario);
    writeFileSync(join(folder, 'topologies', `${scenario.topology.name}.yaml`), files.topology);
    expect(loadScenarios(folder)).toEqual([scenario]);
    const again = { missingScrapes: 0.02, noise: 1.5, unmeasuredServices: 2 };
    expect(scenarioFiles(generate(again))).toEqual(files);
    expect(scenarioFiles(generate({ ...again, seed: 6 })).topology).not.toBe(files.topology);
  });

  it.each([1, 2, 3])('puts the cause %s calls from the nearest entry', (distance) => {
    const { topology, faults } = generate({ distance });
    const [guilty = ''] = faults[0]?.service.oneOf ?? [];
    expect(distances(topology).get(guilty)).toBe(distance);
  });

  it('has the changes and decoys that were asked for', () => {
    const { decoys, changes } = generate({ decoys: 9, changes: 80 });
    expect(decoys).toHaveLength(9);
    expect(changes.inLastHour).toEqual([80, 80]);
  });

  it.each([
    [
      { distance: 12 },
      /distance: in the world of 40 services and seed 5 release can happen at a distance of/,
    ],
    [{ cause: 'traffic', distance: 2 } as const, /distance: .* at a distance of 0, not of 2/],
    [{ changes: 9 }, /changes must be from 10 to 2000, not 9/],
    [{ missingScrapes: 0.9 }, /missingScrapes must be from 0 to 0.3, not 0.9/],
    [{ services: 9 }, /services must be from 10 to 500, not 9/],
  ])('is refused for %o, with what would do', (options, says) => {
    expect(() => generate(options)).toThrow(says);
  });
});

it.each([
  [10, 1],
  [25, 2],
  [60, 3],
  [130, 4],
])('a drawn world of %s services, seed %s, raises no alert while nothing is wrong', (services, seed) => {
  const scenario = { ...generate({ services, seed }), faults: [], decoys: [] };
  const drill = drawDrill(scenario, seed);
  const startMs = nowMs - 30 * 60_000;
  const simulation = createSimulation({
    scenario,
    drill,
    startMs,
    script: drill.script,
    alertsFromMs: Number.POSITIVE_INFINITY,
    fineFromMs: nowMs,
  });
  simulation.advanceTo(nowMs);
  expect(simulation.series.scrapes()).toBe(121);
  expect(simulation.everAlarmed(startMs)).toBe(false);
});
