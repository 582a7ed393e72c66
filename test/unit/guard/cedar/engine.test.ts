import { expect, it } from 'vitest';
import { authorize } from '../../../../electron/guard/cedar/authorize.ts';
import { askCedar } from '../../../../electron/guard/cedar/engine.ts';
import { policiesIn, preparePolicies } from '../../../../electron/guard/cedar/prepare-policies.ts';
import { plainRequest } from '../../../../electron/guard/plain-request.ts';
import { defaultLoaded } from '../../../fixtures/request-of.ts';

it('believes nothing more of an engine that ran over its stack', () => {
  const policies = policiesIn('x.cedar', '@id("all") permit (principal, action, resource);');
  const prepared = preparePolicies(policies, defaultLoaded.schema);
  expect(authorize(prepared, plainRequest).kind).toBe('permitted');

  const deep = `permit (principal, action, resource) when { ${'('.repeat(20_000)}true${')'.repeat(20_000)} };`;
  expect(() => askCedar((cedar) => cedar.policyToJson(deep))).toThrow(/start Countersign again/);
  expect(authorize(prepared, plainRequest)).toMatchObject({ kind: 'denied', rules: [{ rule: 'cedar' }] });
});
