import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomOf } from '../../../electron/sandbox/random.ts';
import { castRoles } from '../../../electron/sandbox/scenario/roles.ts';
import { callersOf, serviceOf } from '../../../electron/sandbox/scenario/topology.ts';
import { aService, aTopology } from '../../fixtures/sandbox-world.ts';
import { shippedScenario } from '../../fixtures/shipped-scenarios.ts';

const { topology } = shippedScenario('bad-deploy');
const services = topology.services.filter(({ kind }) => kind === 'service');
const anyService = fc.constantFrom(...services.map(({ name }) => name));

it('takes callers and callees from the calls, and somebody else than the culprit to alert', () => {
  fc.assert(
    fc.property(anyService, fc.integer(), (culprit, seed) => {
      const roles = castRoles(topology, culprit, null, randomOf(seed, 'cast'));
      expect(roles).toMatchObject({ culprit, other: null });
      const callers = callersOf(topology, culprit);
      if (callers.length === 0) expect(roles.caller).toBeNull();
      else expect(callers).toContain(roles.caller);
      if (roles.callee !== null) {
        expect(serviceOf(topology, culprit).calls.map(({ to }) => to)).toContain(roles.callee);
        expect(serviceOf(topology, roles.callee).kind).toBe('service');
      }
      expect(roles.alerting).not.toBe(culprit);
      expect(serviceOf(topology, roles.entry ?? '').entryRps).toBeDefined();
    }),
  );
});

const call = (to: string, criticality: number, more = {}) => ({ to, perRequest: 1, criticality, ...more });
/** Two entries over a service that calls one more: `loud` needs it, `calm` hardly. */
const small = aTopology([
  aService('loud', { entryRps: 50, calls: [call('middle', 0.9)] }),
  aService('calm', { entryRps: 50, calls: [call('middle', 0.05)] }),
  aService('middle', { calls: [call('deep', 0.9), call('mail', 0.9, { queue: 'letters' })] }),
  aService('deep'),
  aService('mail'),
]);
const cast = (culprit: string | null, seed = 1) => castRoles(small, culprit, null, randomOf(seed, 'cast'));

it('lets the entry alert that feels it, whoever stands between', () => {
  for (let seed = 0; seed < 20; seed++) {
    expect(cast('deep', seed)).toMatchObject({
      alerting: 'loud',
      entry: 'loud',
      caller: 'middle',
      callee: null,
    });
    expect(cast('middle', seed).alerting).toBe('loud');
  }
});

it('has nobody hurt by what only takes messages: then a caller is thought to alert', () => {
  expect(cast('mail')).toMatchObject({ alerting: 'middle', caller: 'middle' });
});

it('casts an entry where nobody is guilty', () => {
  const entries = new Set(Array.from({ length: 20 }, (_, seed) => cast(null, seed).entry));
  expect(entries).toEqual(new Set(['loud', 'calm']));
  expect(cast(null)).toMatchObject({ culprit: null, other: null, caller: null, callee: null });
});
