import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actions } from '../../../electron/actions/all.ts';
import { Target } from '../../../shared/vocabulary/proposal.ts';
import { actionCases } from '../../fixtures/action-cases.ts';

const named = (name: string) => {
  const found = actions.find((each) => each.name === name);
  if (!found) throw new Error(`there is an action ${name}`);
  return found;
};
const onObjects = actionCases.map(({ what, action, input }) => ({
  what,
  action: named(action),
  input: { ...input, ...(String(input['name']).includes(' ') ? { name: 'web-1' } : {}) } as Record<
    string,
    unknown
  >,
}));

const lookAlikes = [
  'chеckout',
  'ｓhop',
  'shop\u200b',
  'shop\n',
  'shop ',
  'Shop',
  '-shop',
  'a..b',
  'a.-b',
  '../x',
  'a/b',
  '$(id)',
  'a;b',
  '',
  'x'.repeat(254),
];

describe.each(onObjects)('an action that $what', ({ action, input }) => {
  it('takes the names that Kubernetes gives, and names its target by them', () => {
    expect(action.input.safeParse(input).success).toBe(true);
    expect(Target.safeParse(action.target(input)).success).toBe(true);
  });

  it.each(['name', 'namespace'])('takes no %s that only looks like one', (member) => {
    if (!(member in input)) return expect(action.target(input).namespace).toBe('');
    for (const name of lookAlikes)
      expect([name, action.input.safeParse({ ...input, [member]: name }).success]).toEqual([name, false]);
  });

  it('takes no member that it does not know', () => {
    expect(action.input.safeParse({ ...input, force: true }).success).toBe(false);
    expect(
      action.input.safeParse(JSON.parse(`{"__proto__":{"x":1},${JSON.stringify(input).slice(1)}`)).success,
    ).toBe(false);
  });

  it('never throws anything but a refusal at whatever it is given', () => {
    fc.assert(fc.property(fc.anything(), (given) => !action.input.safeParse(given).success));
  });
});

it('each action is there once, and what undoes it is an action too', () => {
  expect(new Set(actions.map(({ name }) => name)).size).toBe(actions.length);
  expect(actions.map(({ name }) => name).sort()).toEqual([
    'cordon-node',
    'drain-node',
    'evict-pod',
    'pause-rollout',
    'restart-workload',
    'resume-cronjob',
    'resume-rollout',
    'revert-config',
    'roll-back-deployment',
    'scale-workload',
    'set-flag',
    'shift-traffic',
    'suspend-cronjob',
    'uncordon-node',
  ]);
});
