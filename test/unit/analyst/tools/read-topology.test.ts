import { expect, it } from 'vitest';
import { readTopology } from '../../../../electron/analyst/tools/read-topology.ts';
import { readContextOf } from '../../../fixtures/read-context-of.ts';

const calm = () => new AbortController().signal;
const calls = [
  { from: 'web', to: 'checkout' },
  { from: 'checkout', to: 'payments' },
  { from: 'payments', to: 'bank' },
  { from: 'bank', to: 'checkout' },
];
const context = readContextOf({
  topology: () => ({ services: [{ id: 'checkout', namespace: 'shop', tier: 1 }], calls }),
});
const neighbours = async (depth: number) =>
  (await readTopology.run({ service: 'checkout', depth }, context, calm())).neighbours.map(
    ({ service, side, steps }) => `${side} ${service} ${steps}`,
  );

it('tells callers and callees by how far they are, rings included, and itself never', async () => {
  expect(await neighbours(1)).toEqual(['caller bank 1', 'callee payments 1', 'caller web 1']);
  expect(await neighbours(3)).toEqual([
    'caller bank 1',
    'callee payments 1',
    'caller web 1',
    'callee bank 2',
    'caller payments 2',
  ]);
});

it('does not know what nobody told it of', async () => {
  await expect(readTopology.run({ service: '__proto__' }, context, calm())).rejects.toThrow(
    'knows a service',
  );
});
