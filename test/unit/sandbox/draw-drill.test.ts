import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { imageOf } from '../../../electron/sandbox/cluster/create-cluster.ts';
import { drawDrill } from '../../../electron/sandbox/scenario/draw-drill.ts';
import { loadScenarios } from '../../../electron/sandbox/scenario/load-scenarios.ts';
import type { Scenario } from '../../../electron/sandbox/scenario/scenario.ts';

const dir = fileURLToPath(new URL('../../../resources/scenarios', import.meta.url));
const scenario = loadScenarios(dir).find(({ name }) => name === 'bad-deploy') as Scenario;
const seeds = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

it('draws the same drill from the same seed, and another from another', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      expect(drawDrill(scenario, seed)).toEqual(drawDrill(scenario, seed));
      expect(drawDrill(scenario, seed).script).not.toEqual(drawDrill(scenario, seed + 1).script);
    }),
    { numRuns: 30 },
  );
});

it('keeps within the bounds of the scenario, whatever the seed', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const { script, effects, roles, faultOffsetMs, images } = drawDrill(scenario, seed);
      const [least, most] = scenario.changes.inLastHour;
      expect(script.length).toBeGreaterThanOrEqual(least);
      expect(script.length).toBeLessThanOrEqual(most);
      expect(script.map(({ offsetMs }) => offsetMs)).toEqual(
        script.map(({ offsetMs }) => offsetMs).toSorted((a, b) => a - b),
      );
      for (const { offsetMs } of script)
        expect(Math.abs(faultOffsetMs - offsetMs)).toBeLessThanOrEqual(50 * 60_000);

      // One bad version, deployed once, and never replaced by the script itself.
      const ofCulprit = script.filter(
        ({ change }) => change.kind === 'deploy' && change.service === roles.culprit,
      );
      expect(ofCulprit.map(({ offsetMs }) => offsetMs)).toEqual([faultOffsetMs]);
      expect(effects.size).toBe(1);
      const [image = '', effect] = [...effects][0] ?? [];
      expect(image.startsWith(imageOf(roles.culprit ?? '', ''))).toBe(true);
      expect(effect?.errorShare).toBeGreaterThanOrEqual(scenario.fault.errorShare[0]);
      expect(effect?.errorShare).toBeLessThanOrEqual(scenario.fault.errorShare[1]);

      for (const { change } of script)
        if (change.kind === 'deploy') expect(images).toContain(imageOf(change.service, change.version));
      expect(roles.alerting).not.toBe(roles.culprit);
    }),
    { numRuns: 200 },
  );
});

it('gives no version of a service twice, so that a release is always a change', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const { script, releases } = drawDrill(scenario, seed);
      const versions = script.flatMap(({ change }) =>
        change.kind === 'deploy' ? [`${change.service} ${change.version}`] : [],
      );
      const initial = [...releases].flatMap(([name, { version, previousVersion }]) => [
        `${name} ${version}`,
        `${name} ${previousVersion}`,
      ]);
      expect(new Set([...versions, ...initial]).size).toBe(versions.length + initial.length);
    }),
    { numRuns: 100 },
  );
});

it('tempts with a release of the service that alerts, minutes before, and a change just after the fault', () => {
  let tempting = 0;
  let later = 0;
  for (let seed = 0; seed < 60; seed++) {
    const { script, roles, faultOffsetMs } = drawDrill(scenario, seed);
    const near = script.filter(({ offsetMs }) => Math.abs(offsetMs - faultOffsetMs) < 5 * 60_000);
    tempting += Number(
      near.some(({ change }) => change.kind === 'deploy' && change.service === roles.alerting),
    );
    later += Number(near.some(({ offsetMs }) => offsetMs > faultOffsetMs));
  }
  expect(tempting).toBeGreaterThan(50);
  expect(later).toBeGreaterThan(50);
});
