import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runEnvelopeTests } from '../../../electron/guard/envelope-tests.ts';
import { defaultLoaded, loadedWith } from '../../fixtures/request-of.ts';

const own = { file: 'tests.yaml', text: readFileSync('resources/envelope/tests.yaml', 'utf8') };
const one = (request: string, expected: string) => ({
  file: 'tests.yaml',
  text: `format: countersign.envelope-tests/1
at: 2026-03-03T10:00:00Z
tests:
  - name: one
    request: ${request}
    expect: ${expected}
`,
});
const rollback =
  '{ action: roll-back-deployment, blastRadius: deployment, target: { cluster: c, kind: Deployment, namespace: shop, name: cart } }';

it('finds the envelope that ships as its own tests expect it, forty of them at least', () => {
  const results = runEnvelopeTests(defaultLoaded, own);
  expect(results.filter(({ passed }) => !passed)).toEqual([]);
  expect(results.length).toBeGreaterThanOrEqual(40);
  expect(new Set(results.map(({ name }) => name)).size).toBe(results.length);
});

it('notices when the envelope has become wider', () => {
  const wider = loadedWith({
    limits: { ...defaultLoaded.envelope.limits, executionsPerTargetAndHour: 4 },
  });
  const different = runEnvelopeTests(wider, own).filter(({ passed }) => !passed);
  expect(different.map(({ name }) => name)).toEqual(['the fourth execution on a target within the hour']);
});

it('does not pass for another reason than the test says', () => {
  const test = one(rollback, '{ verdict: deny, by: rate-limit }');
  expect(runEnvelopeTests(defaultLoaded, test)).toMatchObject([{ passed: false }]);
});

it.each([
  ['a member nobody knows', rollback.replace('action', 'approve: true, action'), /approve/],
  ['a name that only looks like another', rollback.replace('cart', 'cаrt'), /request.target.name/],
  ['a confidence that is no number', rollback.replace('action', 'confidence: .nan, action'), /confidence/],
  ['a target outside the kinds there are', rollback.replace('Deployment', 'Secret'), /request.target.kind/],
])('refuses a test with %s, naming the place', (_case, request, message) => {
  const test = one(request, '{ verdict: offer, tier: confirm }');
  expect(() => runEnvelopeTests(defaultLoaded, test)).toThrow(message);
});
