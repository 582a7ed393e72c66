import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ordinarySettings } from '../../../electron/sandbox/cluster/create-cluster.ts';
import { imageOf } from '../../../electron/sandbox/cluster/images.ts';
import { openDrill } from '../../../electron/sandbox/open-drill.ts';
import { drawDrill } from '../../../electron/sandbox/scenario/draw-drill.ts';
import { Fault } from '../../../electron/sandbox/scenario/fault.ts';
import { loadScenarios } from '../../../electron/sandbox/scenario/load-scenarios.ts';
import type { Scenario } from '../../../electron/sandbox/scenario/scenario.ts';
import { noEffect } from '../../../electron/sandbox/world/effect.ts';
import { scenarioDir, shippedScenario } from '../../fixtures/shipped-scenarios.ts';

const scenario = shippedScenario('bad-deploy');
const seeds = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const minuteMs = 60_000;

/** The scenario with another fault, as a file would give it. */
const withFault = (fault: object): Scenario => ({ ...scenario, faults: [Fault.parse(fault)] });

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
  const [fault] = scenario.faults;
  if (fault?.kind !== 'release') throw new Error('the fault of bad-deploy is a release');
  const isWithin = (value: number, [low, high]: readonly [number, number]) => low <= value && value <= high;
  fc.assert(
    fc.property(seeds, (seed) => {
      const { script, faults, influences, roles, momentMs, images } = drawDrill(scenario, seed);
      const [least, most] = scenario.changes.inLastHour;
      expect(script.length).toBeGreaterThanOrEqual(least);
      expect(script.length).toBeLessThanOrEqual(most);
      expect(Math.abs(momentMs - scenario.historyMinutes * minuteMs)).toBeLessThanOrEqual(minuteMs);
      const offsets = script.map(({ offsetMs }) => offsetMs);
      expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
      for (const offsetMs of offsets) {
        expect(momentMs - offsetMs).toBeLessThanOrEqual(50 * minuteMs);
        expect(offsetMs - momentMs).toBeLessThanOrEqual(minuteMs / 2);
      }

      // One bad version, deployed once, and never replaced by the script itself.
      const [drawn] = faults;
      if (!drawn) throw new Error('a drill of bad-deploy has a fault');
      expect(faults).toHaveLength(1);
      expect(fault.service.oneOf).toContain(drawn.service);
      expect(roles.culprit).toBe(drawn.service);
      const ofCulprit = script.filter(
        ({ change }) => change.kind === 'deploy' && change.service === roles.culprit,
      );
      expect(ofCulprit.map(({ offsetMs, part }) => ({ offsetMs, part }))).toEqual([
        { offsetMs: drawn.offsetMs, part: { kind: 'fault', name: 'fault' } },
      ]);

      // It is felt by that version and no other, and as hard as the scenario says.
      const [change] = ofCulprit.map((entry) => entry.change);
      const [felt] = influences;
      expect(influences).toHaveLength(1);
      expect(felt).toMatchObject({ service: drawn.service, while: { kind: 'always' } });
      expect(felt?.image).toBe(imageOf(drawn.service, change?.kind === 'deploy' ? change.version : ''));
      for (const of of ['latencyFactor', 'errorShare', 'workFactor', 'fanOutFactor', 'leakPerHour'] as const)
        expect(isWithin(felt?.effect[of] ?? Number.NaN, fault.effect[of]), of).toBe(true);
      expect(isWithin((felt?.delayMs ?? Number.NaN) / 1_000, fault.delaySeconds)).toBe(true);

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
    const { script, roles, momentMs } = drawDrill(scenario, seed);
    const near = script.filter(({ offsetMs }) => Math.abs(offsetMs - momentMs) < 5 * minuteMs);
    tempting += Number(
      near.some(
        ({ change, part }) =>
          change.kind === 'deploy' && change.service === roles.alerting && part?.kind === 'decoy',
      ),
    );
    later += Number(near.some(({ offsetMs }) => offsetMs > momentMs));
  }
  expect(tempting).toBeGreaterThan(50);
  expect(later).toBeGreaterThan(50);
});

it('names what is touched only among services that this can happen to', () => {
  const ours = new Set(
    scenario.topology.services.filter(({ kind }) => kind === 'service').map(({ name }) => name),
  );
  const entries = scenario.topology.services.filter(({ entryRps }) => entryRps !== undefined);
  fc.assert(
    fc.property(seeds, (seed) => {
      const { script, responses, surges } = drawDrill(scenario, seed);
      for (const { change } of [...script, ...responses]) expect(ours).toContain(change.service);
      for (const { change, offsetMs } of responses) {
        expect(entries.map(({ name }) => name)).toContain(change.service);
        expect(offsetMs).toBeGreaterThan(0);
      }
      expect(responses.length).toBeGreaterThanOrEqual(scenario.responders[0]);
      expect(responses.length).toBeLessThanOrEqual(scenario.responders[1]);
      for (const { service, everyMs } of surges) {
        // Load that rises comes from outside; what comes again and again is a job inside.
        expect(entries.some(({ name }) => name === service)).toBe(everyMs === undefined);
        expect(ours).toContain(service);
      }
    }),
    { numRuns: 100 },
  );
});

it('lets a colleague ship what is as bad as what it replaces', () => {
  const colleagues: Scenario['colleagues'] = [
    { change: 'deploy', on: 'culprit', afterLookSeconds: [30, 60] },
    { change: 'deploy', on: 'alerting', afterLookSeconds: [5, 5] },
  ];
  for (let seed = 0; seed < 20; seed++) {
    const { colleagues: theirs, influences, roles, images } = drawDrill({ ...scenario, colleagues }, seed);
    const [again, harmless] = theirs;
    expect(again?.offsetMs).toBeGreaterThanOrEqual(30_000);
    expect(again?.offsetMs).toBeLessThanOrEqual(60_000);
    expect(harmless?.offsetMs).toBe(5_000);
    if (again?.change.kind !== 'deploy') throw new Error('the colleague deploys');
    const shipped = imageOf(roles.culprit ?? '', again.change.version);
    expect(images).toContain(shipped);
    const [first, carried, ...others] = influences;
    expect(others).toEqual([]);
    expect(carried).toEqual({ ...first, image: shipped });
    expect(shipped).not.toBe(first?.image);
  }
});

it('makes going back worse where the version before cannot stand the world as it is now', () => {
  const worse = withFault({
    kind: 'release',
    service: { oneOf: ['cart', 'pricing'] },
    effect: { errorShare: [0.1, 0.2] },
    previous: { errorShare: [0.5, 0.5] },
  });
  for (let seed = 0; seed < 20; seed++) {
    const { influences, faults, script, releases } = drawDrill(worse, seed);
    const [newer, older] = influences;
    const [drawn] = faults;
    const deployed = script.filter(
      ({ change }) => change.kind === 'deploy' && change.service === drawn?.service,
    );
    expect(deployed).toHaveLength(1);
    const running = releases.get(drawn?.service ?? '')?.version ?? '';
    expect(older).toMatchObject({
      image: imageOf(drawn?.service ?? '', running),
      effect: { ...noEffect, errorShare: 0.5 },
      while: { kind: 'between', fromMs: drawn?.offsetMs },
    });
    expect(newer?.image).not.toBe(older?.image);
  }
});

it('draws a drill with no fault at all: nothing is felt, nobody is guilty, and there is still an entry', () => {
  const { faults, influences, roles, script } = drawDrill({ ...scenario, faults: [] }, 4);
  expect(faults).toEqual([]);
  expect(influences).toEqual([]);
  expect(roles).toMatchObject({ culprit: null, other: null });
  expect(roles.entry).not.toBeNull();
  expect(script.filter(({ part }) => part?.kind === 'fault')).toEqual([]);
});

it('gives each kind of fault the change that brings it about, and no change to what nobody here did', () => {
  const of = (fault: object, service: string) =>
    drawDrill(withFault({ ...fault, service: { oneOf: [service] } }), 11);
  const madeBy = (drill: ReturnType<typeof of>) =>
    drill.script.flatMap(({ change, part }) => (part?.kind === 'fault' ? [change] : []));

  const flag = of({ kind: 'flag', percent: [40, 40] }, 'cart');
  expect(madeBy(flag)).toMatchObject([{ kind: 'flag', service: 'cart', percent: 40 }]);
  const [turned] = madeBy(flag);
  expect(flag.influences).toMatchObject([
    { while: { kind: 'flag', flag: turned?.kind === 'flag' ? turned.flag : '' } },
  ]);

  const setting = { setting: 'pool.max-connections', value: '2' };
  expect(madeBy(of({ kind: 'config', ...setting }, 'orders'))).toMatchObject([
    { kind: 'config', service: 'orders', setting: 'pool.max-connections', value: '2' },
  ]);

  const weight = madeBy(of({ kind: 'traffic', factor: [1.8, 1.8] }, 'storefront'));
  expect(weight).toMatchObject([{ kind: 'weight', weight: 180 }]);

  const { replicas } = scenario.topology.services.find(({ name }) => name === 'orders') ?? { replicas: 0 };
  expect(madeBy(of({ kind: 'scale', share: [0.5, 0.5] }, 'orders'))).toMatchObject([
    { kind: 'scale', replicas: Math.round(replicas / 2) },
  ]);
  expect(madeBy(of({ kind: 'scale', share: [0.01, 0.01] }, 'orders'))).toMatchObject([{ replicas: 1 }]);

  const backup = of({ kind: 'backup', minutes: [12, 12] }, 'shop-db');
  expect(madeBy(backup)).toMatchObject([{ kind: 'backup', service: 'shop-db', minutes: 12 }]);
  const [drawn] = backup.faults;
  const fromMs = drawn?.offsetMs ?? 0;
  expect(backup.influences.map((one) => one.while)).toEqual([
    { kind: 'between', fromMs, untilMs: fromMs + 12 * minuteMs },
    { kind: 'restarted', service: 'shop-db', afterMs: fromMs },
  ]);

  const provider = of({ kind: 'provider', quotaShare: [0.4, 0.4] }, 'card-network');
  expect(madeBy(provider)).toEqual([]);
  expect(provider.influences).toMatchObject([{ service: 'card-network', effect: { capacityFactor: 0.4 } }]);

  const surge = of({ kind: 'surge', factor: [1.5, 1.5], minutes: [20, 20] }, 'storefront');
  expect(madeBy(surge)).toEqual([]);
  expect(surge.influences).toEqual([]);
  // More load than usual is nobody's fault: it makes no culprit.
  expect(surge.roles.culprit).toBeNull();
  expect(surge.surges[0]).toMatchObject({ service: 'storefront', factor: 1.5 });
  expect((surge.surges[0]?.untilMs ?? 0) - (surge.surges[0]?.fromMs ?? 0)).toBe(20 * minuteMs);
});

it('never takes one service for two faults while another is free', () => {
  const [fault] = scenario.faults;
  if (!fault) throw new Error('bad-deploy has a fault');
  const oneOf = ['catalog', 'cart'];
  const twice = {
    ...scenario,
    faults: [
      { ...fault, service: { oneOf } },
      { ...fault, name: 'second', service: { oneOf } },
    ],
  };
  fc.assert(
    fc.property(seeds, (seed) => {
      const { faults, roles } = drawDrill(twice, seed);
      expect(new Set(faults.map(({ service }) => service))).toEqual(new Set(oneOf));
      expect([roles.culprit, roles.other]).toEqual(faults.map(({ service }) => service));
    }),
    { numRuns: 50 },
  );
});

it.each(loadScenarios(scenarioDir).map((one) => [one.name, one] as const))(
  'draws %s with its parts filled, from any seed',
  (_name, shipped) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { faults, script, roles } = drawDrill(shipped, seed);
        expect(faults).toHaveLength(shipped.faults.length);
        const inScript = new Set(script.flatMap(({ part }) => (part?.kind === 'fault' ? [part.name] : [])));
        for (const name of shipped.truth.changes) expect(inScript).toContain(name);
        for (const role of shipped.truth.services)
          if (role !== 'anywhere') expect(roles[role], role).not.toBeNull();
      }),
      { numRuns: 20 },
    );
  },
);

it('sets nothing to what it is set to already', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const now = new Map(
        scenario.topology.services.map((service) => [service.name, ordinarySettings(service)]),
      );
      for (const { change } of drawDrill(scenario, seed).script) {
        if (change.kind !== 'config') continue;
        const settings = now.get(change.service) ?? {};
        expect(settings[change.setting]).not.toBe(change.value);
        now.set(change.service, { ...settings, [change.setting]: change.value });
      }
    }),
    { numRuns: 100 },
  );
});

it('begins with an alert that is firing, also where the trouble comes and goes', () => {
  const { simulation } = openDrill(shippedScenario('slow-leak'), 6, Date.parse('2026-03-03T03:00:00Z'));
  expect(simulation.rules.alerts().map(({ state }) => state)).toContain('firing');
}, 120_000);
