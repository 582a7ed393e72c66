import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { actions } from '../../../../electron/actions/all.ts';
import { argumentForms, argumentsOf, filledIn } from '../../../../renderer/proposals/argument-fields.ts';

const schemaOf = (input: z.ZodType) => z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
const scale = {
  type: 'object',
  properties: {
    cluster: { type: 'string' },
    kind: { type: 'string', const: 'Deployment' },
    replicas: { type: 'integer' },
    mark: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    enabled: { type: 'boolean' },
  },
  required: ['cluster', 'kind', 'replicas', 'enabled'],
};
const [form] = argumentForms(scale);
const fields = form?.fields ?? [];

it('asks for each argument in a way that fits it', () => {
  expect(fields.map(({ name, kind, required, nullable }) => [name, kind, required, nullable])).toEqual([
    ['cluster', 'text', true, false],
    ['kind', 'choice', true, false],
    ['replicas', 'number', true, false],
    ['mark', 'text', false, true],
    ['enabled', 'yes-no', true, false],
  ]);
});

it('makes arguments of what was filled in', () => {
  const filled = { ...filledIn(fields, { cluster: 'k8s' }), replicas: ' 6 ', enabled: 'false' };
  expect(argumentsOf(fields, filled)).toEqual({
    input: { cluster: 'k8s', kind: 'Deployment', replicas: 6, enabled: false },
  });
});

it.each([
  ['', 'replicas is missing'],
  ['six', 'replicas is no number'],
  ['NaN', 'replicas is no number'],
  ['Infinity', 'replicas is no number'],
])('says which field cannot be read as it is: %j', (replicas, problem) => {
  const filled = { ...filledIn(fields, { cluster: 'k8s' }), replicas, enabled: 'true' };
  expect(argumentsOf(fields, filled)).toEqual({ problem });
});

it.each(actions.map((action) => [action.name, action] as const))(
  'has a form for every way to give the arguments of %s',
  (_name, action) => {
    const forms = argumentForms(schemaOf(action.input));
    expect(forms.length).toBeGreaterThan(0);
    for (const one of forms) {
      expect(one.fields.map(({ name }) => name)).toContain('cluster');
    }
  },
);

it('fills in what an action was given so that the same is made of it again', () => {
  const known = fc.record({
    cluster: fc.string({ minLength: 1 }),
    kind: fc.constant('Deployment'),
    replicas: fc.integer(),
    mark: fc.string({ minLength: 1 }),
    enabled: fc.boolean(),
  });
  fc.assert(
    fc.property(known, (input) => {
      expect(argumentsOf(fields, filledIn(fields, input))).toEqual({ input });
    }),
  );
});
