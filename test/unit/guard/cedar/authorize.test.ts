import fc from 'fast-check';
import { expect, it } from 'vitest';
import { authorize } from '../../../../electron/guard/cedar/authorize.ts';
import { checkPolicies } from '../../../../electron/guard/cedar/check-policies.ts';
import type { AskedOfCedar } from '../../../../electron/guard/cedar/facts-for-cedar.ts';
import { policiesIn, preparePolicies } from '../../../../electron/guard/cedar/prepare-policies.ts';
import { plainRequest } from '../../../../electron/guard/plain-request.ts';
import { defaultLoaded } from '../../../fixtures/request-of.ts';

const { schema } = defaultLoaded;
const ALL = '@id("all") permit (principal, action, resource);';
const prepared = (text: string) => preparePolicies(policiesIn('x.cedar', text), schema);
const answer = (text: string, differences: Partial<AskedOfCedar> = {}) =>
  authorize(prepared(text), { ...plainRequest, ...differences });
const rulesOf = (text: string, differences: Partial<AskedOfCedar> = {}) => {
  const said = answer(text, differences);
  return said.kind === 'denied' ? said.rules.map(({ rule }) => rule) : [];
};

it('permits by the policies that say so, and denies what none permits', () => {
  expect(answer(ALL)).toEqual({ kind: 'permitted', by: ['all'] });
  expect(rulesOf('')).toEqual(['not-permitted']);
});

it('lets a forbid beat every permit, in its own words', () => {
  const forbid = '@id("no") @reason("not on my watch") forbid (principal, action, resource);';
  expect(answer(ALL + forbid)).toEqual({
    kind: 'denied',
    rules: [{ rule: 'policy:no', sentence: 'not on my watch' }],
  });
});

it('denies when a forbid errs, where Cedar alone would let the permit win', () => {
  const errs =
    '@id("errs") forbid (principal, action, resource) when { context.executionsOnTarget * 9223372036854775807 > 1 };';
  const said = answer(ALL + errs, { executionsOnTarget: 2 });
  expect(said).toMatchObject({ kind: 'denied', rules: [{ rule: 'cedar' }] });
  expect(JSON.stringify(said)).toContain('errs: integer overflow');
});

it('denies when a policy reads what is not there', () => {
  const missing = '@id("missing") forbid (principal, action, resource) when { resource.owner == "me" };';
  expect(rulesOf(ALL + missing)).toEqual(['cedar']);
});

it.each<[string, Partial<AskedOfCedar>]>([
  ['an action that the schema does not know', { action: 'delete-namespace' }],
  ['an action whose name is a way out', { action: '"; permit(principal,action,resource); //' }],
  ['a confidence that is no number', { confidence: Number.NaN }],
  ['a confidence without end', { confidence: Number.POSITIVE_INFINITY }],
  ['a count that is no whole number', { executionsOnTarget: 0.5 }],
  ['a count that is too large', { denialsInWindow: 1e30 }],
  ['a proposer of another kind', { proposedBy: 'system' as never }],
  ['a name that is an object', { cluster: { __entity: { type: 'Target', id: 'x' } } as never }],
  ['a name that is missing', { service: undefined as never }],
  ['a flag that is a text', { keepsData: 'no' as never }],
])('denies %s, even under a policy that permits everything', (_case, differences) => {
  expect(rulesOf(ALL, differences)).toEqual(['cedar']);
});

it('denies when Cedar does not have the policies', () => {
  const gone = { ...prepared(ALL), policySet: 'nobody prepared this', aboutAction: new Map() };
  expect(authorize(gone, plainRequest)).toMatchObject({ kind: 'denied', rules: [{ rule: 'cedar' }] });
});

it('denies when a reason is no policy of the envelope', () => {
  const strange = { ...prepared(ALL), sentences: new Map() };
  expect(authorize(strange, plainRequest)).toMatchObject({ kind: 'denied', rules: [{ rule: 'cedar' }] });
});

it('denies when the policies cannot be asked', () => {
  const broken = new Proxy(plainRequest, {
    get: () => {
      throw new Error('out of memory');
    },
  });
  expect(() => authorize(prepared(ALL), broken)).not.toThrow();
  expect(authorize(prepared(ALL), broken)).toMatchObject({ kind: 'denied', rules: [{ rule: 'cedar' }] });
});

it('keeps a name that looks like Cedar a name', () => {
  const only = '@id("only") permit (principal, action, resource) when { resource.name == "cart" };';
  const odd = fc.constantFrom('cart" || true || "', 'cаrt', 'CART', 'cart\u200b', '*', '__proto__', 'ca*');
  fc.assert(
    fc.property(odd, (name) => {
      const target = { ...plainRequest.target, name };
      expect(rulesOf(only, { target })).toEqual(['not-permitted']);
    }),
  );
});

it('never permits more when a forbid is added', () => {
  const conditions = [
    'resource.kind == "Pod"',
    'context.confidencePercent < 50',
    'resource.serviceTier <= 2',
    'principal == Proposer::"analyst"',
    'context.blastRadius == "namespace" || resource.keepsData',
  ];
  const request = fc.record({
    proposedBy: fc.constantFrom('analyst' as const, 'person' as const),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    blastRadius: fc.constantFrom('pod' as const, 'namespace' as const),
    keepsData: fc.boolean(),
    tierOfService: fc.integer({ min: 1, max: 5 }),
  });
  const permit = '@id("some") permit (principal, action, resource) when { resource.serviceTier > 1 };';
  fc.assert(
    fc.property(fc.constantFrom(...conditions), request, (condition, differences) => {
      const forbid = `@id("no") forbid (principal, action, resource) when { ${condition} };`;
      if (answer(permit + forbid, differences).kind === 'permitted') {
        expect(answer(permit, differences).kind).toBe('permitted');
      }
    }),
    { numRuns: 60 },
  );
});

it.each([
  [
    'a policy that can never apply',
    '@id("x") permit (principal, action, resource) when { false };',
    /x\.cedar: .*impossible/,
  ],
  [
    'a text of two alphabets',
    '@id("x") forbid (principal, action, resource) when { resource.name == "pаypal" };',
    /mixed scripts/,
  ],
])('warns of %s', (_case, text, message) => {
  const { errors, warnings } = checkPolicies(policiesIn('x.cedar', text), schema);
  expect(errors).toEqual([]);
  expect(warnings.join('\n')).toMatch(message);
});

it('finds nothing to warn of in the policies that ship', () => {
  expect(checkPolicies(defaultLoaded.policies, schema)).toEqual({ errors: [], warnings: [] });
});

it.each([
  ['of megabytes', `resource.name == "${'x'.repeat(10_000_000)}"`, /more than 1000000/],
  [
    'in more brackets than Cedar has stack for',
    `${'('.repeat(20_000)}true${')'.repeat(20_000)}`,
    /nested more than/,
  ],
  ['in lists of lists', `${'['.repeat(400)}1${']'.repeat(400)} == []`, /nested more than/],
  ['of sums without end', `${Array(500).fill('1').join('+')} > 0`, /more than 100 times/],
  ['of members without end', `resource${'.name'.repeat(390)} == ""`, /more than 100 times/],
  ['of conditions without end', 'if true then '.repeat(2_000), /a statement of more than/],
  ['that opens brackets in a text only', `"((((((" == "${'('.repeat(60)}"`, null],
  ['that opens brackets in a comment only', `// ${'('.repeat(60)}\n true`, null],
])('refuses a policy %s before Cedar sees it', (_case, condition, message) => {
  const policy = `@id("odd") forbid (principal, action, resource) when { ${condition} };`;
  if (message) expect(() => answer(ALL + policy)).toThrow(message);
  else expect(() => answer(ALL + policy)).not.toThrow();
  expect(answer(ALL).kind).toBe('permitted');
});

it('lets Cedar see the longest and deepest that it takes without running over', () => {
  const long = `${Array(100).fill('1').join('+')} > 0`;
  const deep = `${'('.repeat(35)}true${')'.repeat(35)}`;
  const conditional = `${'if true then '.repeat(75)}true${' else true'.repeat(75)}`;
  const either = Array(400).fill('false').join('||');
  for (const condition of [long, deep, conditional, either]) {
    const policy = `@id("odd") permit (principal, action, resource) when { ${condition} };`;
    expect(JSON.stringify(answer(policy))).not.toContain('engine broke');
  }
  expect(answer(ALL).kind).toBe('permitted');
});

const scope = fc.constantFrom(
  'action',
  'action == Action::"evict-pod"',
  'action == Action::"drain-node"',
  'action in [Action::"evict-pod", Action::"scale-workload"]',
  'action in Action::"scale-workload"',
);
const condition = fc.constantFrom(
  '',
  'when { context.confidencePercent > 40 }',
  'unless { resource.observed }',
  'when { context.executionsOnTarget * 9223372036854775807 > 1 }',
);

it('says the same of an action whether it asks all policies or those alone that can be about it', () => {
  const policy = fc.tuple(fc.boolean(), scope, condition);
  fc.assert(
    fc.property(fc.array(policy, { maxLength: 6 }), fc.nat(2), (drawn, executionsOnTarget) => {
      const text = drawn
        .map(
          ([permits, about, when], at) =>
            `@id("p${at}") ${permits ? 'permit' : 'forbid'} (principal, ${about}, resource) ${when};`,
        )
        .join('\n');
      const narrowed = prepared(text);
      const all = { ...narrowed, aboutAction: new Map<string, string>() };
      for (const action of ['evict-pod', 'drain-node', 'scale-workload', 'set-flag', 'no-such-action']) {
        const asked = { ...plainRequest, action, executionsOnTarget };
        expect(authorize(narrowed, asked)).toEqual(authorize(all, asked));
      }
    }),
    { numRuns: 60 },
  );
});

it('asks no more policies than can be about an action', () => {
  const text = `${ALL} @id("drains") forbid (principal, action == Action::"drain-node", resource);`;
  const { aboutAction, policySet } = prepared(text);
  expect(aboutAction.get('drain-node')).not.toBe(aboutAction.get('evict-pod'));
  expect(aboutAction.get('evict-pod')).toBe(aboutAction.get('set-flag'));
  expect([...aboutAction.values()]).not.toContain(policySet);
});
