import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadScenarios } from '../../../electron/sandbox/scenario/load-scenarios.ts';

const shipped = fileURLToPath(new URL('../../../resources/scenarios', import.meta.url));
let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'scenarios-'));
  cpSync(shipped, dir, { recursive: true });
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
    expect(topology.services.length).toBeGreaterThanOrEqual(12);
    expect(new Set(topology.services.map(({ namespace }) => namespace)).size).toBeGreaterThanOrEqual(3);
  }
});

it.each<[string, () => string, string | RegExp, string, RegExp]>([
  ['a wrong number', badDeploy, 'difficulty: 2', 'difficulty: 9', /bad-deploy\.yaml:8: difficulty: /],
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
    /fault\.latencyFactor: the first number must not be above/,
  ],
  ['a missing field', badDeploy, /story: >-\n( {2}.*\n)+/, '', /bad-deploy\.yaml:\d+: story: /],
  [
    'a service that is not in the topology',
    badDeploy,
    '[catalog, cart',
    '[catalogue, cart',
    /no service catalogue/,
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
    'a call to nobody',
    shop,
    'to: warehouse',
    'to: wharehouse',
    /shop\.yaml:\d+: services\.\d+\.calls\.0\.to: no service is called wharehouse/,
  ],
  ['calls in a circle', shop, '{ to: warehouse,', '{ to: catalog,', /catalog → inventory → catalog/],
])('names file, line and field of %s', (_case, file, from, to, message) => {
  edit(file(), from, to);
  expect(() => loadScenarios(dir)).toThrow(
    expect.objectContaining({ code: 'bad_input', message: expect.stringMatching(message) }),
  );
});

it('points at the line where the wrong value stands', () => {
  edit(badDeploy(), 'errorShare: [0.12, 0.22]', 'errorShare: [0.12, 1.22]');
  const line =
    readFileSync(badDeploy(), 'utf8')
      .split('\n')
      .findIndex((text) => text.includes('1.22')) + 1;
  expect(() => loadScenarios(dir)).toThrow(`bad-deploy.yaml:${line}: fault.errorShare`);
});

it('says which file is not there', () => {
  rmSync(shop());
  expect(() => loadScenarios(dir)).toThrow(
    /topologies\/shop\.yaml \(the topology of .*bad-deploy\.yaml\) cannot be read/,
  );
  expect(() => loadScenarios(join(dir, 'nowhere'))).toThrow(expect.objectContaining({ code: 'not_found' }));
});
