import { describe, expect, it } from 'vitest';
import { isOn, shareOf } from '../../../electron/sandbox/flags/evaluate.ts';
import type { Constraint, FlagEnvironment, Strategy } from '../../../electron/sandbox/flags/flag.ts';
import { normalizedHash } from '../../../electron/sandbox/flags/murmur.ts';

const strategy = (change: Partial<Strategy> = {}): Strategy => ({
  id: 'one',
  name: 'flexibleRollout',
  title: null,
  disabled: false,
  constraints: [],
  parameters: { rollout: '100', stickiness: 'default', groupId: 'group' },
  variants: [],
  sortOrder: 0,
  segments: [],
  ...change,
});
const rollout = (percent: string, groupId = 'group', stickiness = 'default') =>
  strategy({ parameters: { rollout: percent, stickiness, groupId } });
const on = (...strategies: Strategy[]): FlagEnvironment => ({ enabled: true, strategies });

const users = Array.from({ length: 10_000 }, (_, index) => `user-${index}`);
const sharedBy = (environment: FlagEnvironment) =>
  users.filter((user) => isOn('flag', environment, user)).length / users.length;

describe('the hash', () => {
  it.each([
    ['gr1', '123', 73],
    ['groupX', '999', 25],
  ])('of group %s and user %s is the one that all SDKs test for', (group, user, expected) => {
    expect(normalizedHash(group, user)).toBe(expected);
  });

  it.each([
    ['Feature.flexibleRollout.10', '10', '174', true],
    ['Feature.flexibleRollout.10', '10', '499', false],
    ['Feature.flexibleRollout.userId.55', '55', '25', true],
    ['Feature.flexibleRollout.sessionId.42', '42', '147', true],
    ['Feature.flexibleRollout.100', '100', 'anyone', true],
  ])(
    "decides as Unleash's client specification says: %s at %s %% for %s",
    (name, percent, user, expected) => {
      expect(isOn(name, on(rollout(percent, name)), user)).toBe(expected);
    },
  );

  it('counts bytes, not characters, as the SDKs of other languages do', () => {
    // Reckoned apart, over the UTF-8 of both.
    expect(normalizedHash('grüppe', 'jürgen-日本')).toBe(16);
  });
});

describe('a gradual rollout', () => {
  it.each([1, 20, 50, 80, 99])('at %i %% reaches that share of ten thousand users', (percent) => {
    const share = percent / 100;
    const deviation = Math.sqrt((share * (1 - share)) / users.length);
    expect(Math.abs(sharedBy(on(rollout(String(percent)))) - share)).toBeLessThan(4 * deviation);
  });

  it('keeps everybody whom it has reached as it grows', () => {
    const early = users.filter((user) => isOn('flag', on(rollout('20')), user));
    const late = new Set(users.filter((user) => isOn('flag', on(rollout('50')), user)));
    expect(early.length).toBeGreaterThan(1_500);
    expect(early.filter((user) => !late.has(user))).toEqual([]);
  });

  it('reaches others in another group, and the same whatever it sticks to', () => {
    const reached = (one: Strategy) => users.filter((user) => isOn('flag', on(one), user));
    expect(reached(rollout('30', 'other'))).not.toEqual(reached(rollout('30')));
    expect(reached(rollout('30', 'group', 'sessionId'))).toEqual(reached(rollout('30')));
  });

  it('takes the name of the flag for a group when it has none', () => {
    const nameless = strategy({ parameters: { rollout: '30' } });
    expect(users.filter((user) => isOn('flag', on(nameless), user))).toEqual(
      users.filter((user) => isOn('flag', on(rollout('30', 'flag')), user)),
    );
  });
});

describe('the share of requests', () => {
  it.each<[string, FlagEnvironment, number]>([
    ['is none in an environment that is off', { enabled: false, strategies: [rollout('50')] }, 0],
    ['is all when there is no strategy', on(), 1],
    ['is that of the rollout', on(rollout('35')), 0.35],
    ['is all with a strategy for all', on(rollout('35'), strategy({ name: 'default' })), 1],
    ['is the greater of two rollouts in one group', on(rollout('35'), rollout('20')), 0.35],
    ['is more with rollouts in two groups', on(rollout('50'), rollout('50', 'other')), 0.75],
    [
      'leaves out strategies that are disabled',
      on(rollout('35'), { ...rollout('90'), disabled: true }),
      0.35,
    ],
    ['is none when all strategies are disabled', on({ ...rollout('90'), disabled: true }), 0],
    ['is at most all', on(rollout('150')), 1],
    ['is none for what is no number', on(rollout('lots')), 0],
    ['has no part of a percent, for the hash has none', on(rollout('20.7')), 0.2],
    [
      'does not weigh users named one by one',
      on(strategy({ name: 'userWithId', parameters: { userIds: 'anna' } }), rollout('35')),
      0.35,
    ],
    ['is none for addresses', on(strategy({ name: 'remoteAddress', parameters: { IPs: '10.0.0.1' } })), 0],
  ])('%s', (_case, environment, expected) => {
    expect(shareOf('flag', environment)).toBe(expected);
    expect(Math.abs(sharedBy(environment) - expected)).toBeLessThan(0.02);
  });
});

describe('a strategy', () => {
  it('for users by id is for these and nobody else', () => {
    const named = on(strategy({ name: 'userWithId', parameters: { userIds: 'anna, ben,carl' } }));
    expect(['anna', 'ben', 'carl', 'dora', ''].map((user) => isOn('flag', named, user))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it.each<[string, Constraint, string, boolean]>([
    ['one of', { contextName: 'userId', operator: 'IN', values: ['anna', 'ben'] }, 'ben', true],
    ['not one of', { contextName: 'userId', operator: 'NOT_IN', values: ['anna', 'ben'] }, 'ben', false],
    ['inverted', { contextName: 'userId', operator: 'IN', values: ['ben'], inverted: true }, 'ben', false],
    ['starting with', { contextName: 'userId', operator: 'STR_STARTS_WITH', values: ['be'] }, 'ben', true],
    ['ending with', { contextName: 'userId', operator: 'STR_ENDS_WITH', values: ['x', 'en'] }, 'ben', true],
    ['containing', { contextName: 'userId', operator: 'STR_CONTAINS', values: ['EN'] }, 'ben', false],
    [
      'containing in any case',
      { contextName: 'userId', operator: 'STR_CONTAINS', values: ['EN'], caseInsensitive: true },
      'ben',
      true,
    ],
    ['greater than', { contextName: 'userId', operator: 'NUM_GT', values: [], value: '5' }, '6', true],
    ['equal to', { contextName: 'userId', operator: 'NUM_EQ', values: [], value: '5' }, '6', false],
    ['less than', { contextName: 'userId', operator: 'NUM_LT', values: [], value: '5' }, 'ben', false],
    ['in production', { contextName: 'environment', operator: 'IN', values: ['production'] }, 'ben', true],
    ['of an unknown field', { contextName: 'region', operator: 'IN', values: ['eu'] }, 'ben', false],
    ['not of an unknown field', { contextName: 'region', operator: 'NOT_IN', values: ['eu'] }, 'ben', true],
  ])('holds for whom its constraint holds: %s', (_case, constraint, user, expected) => {
    expect(isOn('flag', on(strategy({ constraints: [constraint] })), user)).toBe(expected);
  });

  it('wants all of its constraints', () => {
    const both: Constraint[] = [
      { contextName: 'userId', operator: 'STR_STARTS_WITH', values: ['b'] },
      { contextName: 'userId', operator: 'STR_ENDS_WITH', values: ['n'] },
    ];
    const environment = on(strategy({ constraints: both }));
    expect(['ben', 'bob', 'ann'].map((user) => isOn('flag', environment, user))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('does not take the prototype of its parameters for a parameter', () => {
    const bare = on(strategy({ parameters: {} }), strategy({ name: 'userWithId', parameters: {} }));
    expect(isOn('constructor', bare, 'anna')).toBe(false);
    expect(shareOf('constructor', bare)).toBe(0);
  });
});
