import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadScenarios } from '../../../electron/sandbox/scenario/load-scenarios.ts';
import { scenarioDir as shipped } from '../../fixtures/shipped-scenarios.ts';

/** A folder with one of the scenarios that are shipped, and its topology. */
let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'scenarios-'));
  cpSync(join(shipped, 'bad-deploy.yaml'), join(dir, 'bad-deploy.yaml'));
  cpSync(join(shipped, 'topologies'), join(dir, 'topologies'), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

const badDeploy = () => join(dir, 'bad-deploy.yaml');
const shop = () => join(dir, 'topologies', 'shop.yaml');

function edit(file: string, from: string | RegExp, to: string): void {
  const text = readFileSync(file, 'utf8');
  const edited = text.replace(from, to);
  if (edited === text) throw new Error(`nothing to replace in ${file}`);
  writeFileSync(file, edited);
}

it('loads every scenario that is shipped, with its topology', () => {
  const scenarios = loadScenarios(shipped);
  expect(scenarios.map(({ name }) => name)).toContain('bad-deploy');
  for (const { topology } of scenarios) {
    expect(topology.services.length).toBeGreaterThanOrEqual(30);
    expect(new Set(topology.services.map(({ kind }) => kind))).toEqual(
      new Set(['service', 'database', 'provider']),
    );
    expect(new Set(topology.services.map(({ namespace }) => namespace)).size).toBeGreaterThanOrEqual(3);
  }
});

it('fills in what a file leaves out', () => {
  const [scenario] = loadScenarios(dir);
  expect(scenario).toMatchObject({
    alertWithinMinutes: 10,
    load: { ramps: [0, 1], batches: [1, 2] },
    measured: { noise: 1, missingScrapes: 0, unmeasuredServices: 0 },
    colleagues: [],
    alerts: [],
    poison: [],
  });
  expect(scenario?.faults[0]).toMatchObject({
    name: 'fault',
    minutesBefore: [0, 0],
    effect: { fanOutFactor: [1, 1], leakPerHour: [0, 0], burnCores: [0, 0] },
  });
});

/** The fault of bad-deploy, from `- kind` to the empty line. */
const theFault = / {2}- kind: release\n( {4}.*\n)+/;
const fault = (text: string): string => `  - ${text}\n`;

it.each<[string, () => string, string | RegExp, string, RegExp]>([
  ['a wrong number', badDeploy, 'difficulty: 1', 'difficulty: 9', /bad-deploy\.yaml:8: difficulty: /],
  [
    'a field nobody knows',
    badDeploy,
    'topology: shop',
    'topology: shop\nmood: good',
    /bad-deploy\.yaml:10: mood: /,
  ],
  ['a field deep inside', badDeploy, 'on: callee', 'on: neighbour', /bad-deploy\.yaml:\d+: decoys\.4\.on: /],
  [
    'a range upside down',
    badDeploy,
    '[2.5, 4.5]',
    '[4.5, 2.5]',
    /faults\.0\.effect\.latencyFactor: the first number must not be above/,
  ],
  ['a missing field', badDeploy, /story: >-\n( {2}.*\n)+/, '', /bad-deploy\.yaml:\d+: story: /],
  [
    'a service that is not in the topology',
    badDeploy,
    '[catalog, cart',
    '[catalogue, cart',
    /faults\.0\.service\.oneOf\.0: catalogue, in topology shop, is not there/,
  ],
  [
    'a role that nobody plays',
    badDeploy,
    'services: [culprit]',
    'services: [other]',
    /bad-deploy\.yaml:\d+: truth\.services\.0: no fault has a service that plays other/,
  ],
  ['broken YAML', badDeploy, 'truth:', 'truth: [', /bad-deploy\.yaml:\d+: /],
  [
    'a name that is not the name of the file',
    badDeploy,
    'name: bad-deploy',
    'name: worse',
    /must be bad-deploy/,
  ],
  [
    'a kind of fault nobody knows',
    badDeploy,
    'kind: release',
    'kind: sabotage',
    /bad-deploy\.yaml:\d+: faults\.0\.kind: /,
  ],
  [
    'a field that this kind of fault does not have',
    badDeploy,
    'delaySeconds: [5, 70]',
    'percent: [5, 70]',
    /faults\.0\.percent: /,
  ],
  [
    'a truth that is no fault',
    badDeploy,
    'changes: [fault]',
    'changes: [slip]',
    /bad-deploy\.yaml:\d+: truth\.changes\.0: no fault is called slip/,
  ],
  [
    'two faults of one name',
    badDeploy,
    theFault,
    fault('{ kind: surge, service: { oneOf: [storefront] }, factor: [2, 2], minutes: [5, 5] }').repeat(2),
    /faults\.1\.name: fault is there twice/,
  ],
  ['half a change', badDeploy, 'releaseTrains: [1, 2]', 'releaseTrains: [1, 1.5]', /must be whole numbers/],
  [
    'a call to nobody',
    shop,
    'to: warehouse',
    'to: wharehouse',
    /shop\.yaml:\d+: services\.\d+\.calls\.0\.to: no service is called wharehouse/,
  ],
  ['calls in a circle', shop, '{ to: warehouse,', '{ to: catalog,', /catalog → inventory → catalog/],
  [
    'a topology that is not called as its file',
    shop,
    'name: shop\n',
    'name: shoppe\n',
    /shop\.yaml:2: name: must be shop, as the file/,
  ],
  [
    'a rule that Prometheus cannot read',
    shop,
    '[2m])) > 0.05',
    '[2m]) > 0.05',
    /shop\.yaml:\d+: alerts\.0\.expr: .*parse error/,
  ],
  [
    'a leak that gives memory back',
    badDeploy,
    'workFactor: [1, 1.15]',
    'leakPerHour: [-1, 0]',
    /leakPerHour: must not be below 0/,
  ],
  [
    'a flag for more than everyone',
    badDeploy,
    theFault,
    fault('{ kind: flag, service: { oneOf: [cart] }, percent: [50, 120] }'),
    /faults\.0\.percent: must not be above 100/,
  ],
  [
    'a fault before the world begins',
    badDeploy,
    'delaySeconds: [5, 70]',
    'minutesBefore: [5, 90]',
    /bad-deploy\.yaml:\d+: faults\.0\.minutesBefore: must lie within historyMinutes/,
  ],
  ['two services of one name', shop, 'name: geo,', 'name: ads,', /services\.\d+\.name: ads is there twice/],
  [
    'a database that the world calls',
    shop,
    'name: payments-db, namespace: payments,',
    'name: payments-db, namespace: payments, entryRps: 5,',
    /services\.\d+\.entryRps: a database takes no requests from outside/,
  ],
])('names file, line and field of %s', (_case, file, from, to, message) => {
  edit(file(), from, to);
  expect(() => loadScenarios(dir)).toThrow(
    expect.objectContaining({ code: 'bad_input', message: expect.stringMatching(message) }),
  );
});

it.each([
  [
    '{ kind: provider, service: { oneOf: [cart] }, quotaShare: [1, 1] }',
    'cart, in topology shop, is no provider',
  ],
  ['{ kind: backup, service: { oneOf: [cart] }, minutes: [9, 9] }', 'cart, in topology shop, is no database'],
  [
    '{ kind: release, service: { oneOf: [shop-db] } }',
    'shop-db, in topology shop, is a database, to which a release cannot happen',
  ],
  [
    '{ kind: config, service: { oneOf: [card-network] }, setting: a, value: b }',
    'card-network, in topology shop, is a provider, to which a config cannot happen',
  ],
  [
    '{ kind: traffic, service: { oneOf: [storefront, cart] }, factor: [2, 2] }',
    'faults.0.service.oneOf.1: cart, in topology shop, takes no requests from outside',
  ],
  [
    '{ kind: scale, service: { oneOf: [storefront] }, share: [0.5, 0.5] }',
    'storefront, in topology shop, is scaled by an autoscaler, which would undo it',
  ],
])('refuses what cannot befall a service: %s', (text, message) => {
  edit(badDeploy(), theFault, fault(text));
  expect(() => loadScenarios(dir)).toThrow(message);
});

it('points at the line where the wrong value stands', () => {
  edit(badDeploy(), 'errorShare: [0.12, 0.22]', 'errorShare: [0.12, 1.22]');
  const line =
    readFileSync(badDeploy(), 'utf8')
      .split('\n')
      .findIndex((text) => text.includes('1.22')) + 1;
  expect(() => loadScenarios(dir)).toThrow(
    `bad-deploy.yaml:${line}: faults.0.effect.errorShare: must be within 0 and 1`,
  );
});

it('says which file is not there', () => {
  rmSync(shop());
  expect(() => loadScenarios(dir)).toThrow(
    /topologies\/shop\.yaml \(the topology of .*bad-deploy\.yaml\) cannot be read/,
  );
  expect(() => loadScenarios(join(dir, 'nowhere'))).toThrow(expect.objectContaining({ code: 'not_found' }));
});
