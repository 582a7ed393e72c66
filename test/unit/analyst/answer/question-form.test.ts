import fc from 'fast-check';
import { expect, it } from 'vitest';
import { questionForm, serviceIn } from '../../../../electron/analyst/offline/answer/question-form.ts';

const asker = { atMs: Date.parse('2026-03-03T08:15:00Z'), utcOffsetMinutes: 0 };
const services = ['checkout', 'config-service', 'payments', 'payments-worker'];

it.each<[string, object]>([
  ['what changed on checkout since 09:00?', { form: 'changed', kind: null, service: 'checkout' }],
  ['What has changed?', { form: 'changed', service: null, span: null }],
  ['which deploys were there in the last hour', { form: 'changed', kind: 'deploy', service: null }],
  ['any flag changes on payments?', { form: 'changed', kind: 'flag', service: 'payments' }],
  ['what changed on config-service', { form: 'changed', kind: null, service: 'config-service' }],
  ['what config changed on payments worker', { form: 'changed', kind: 'config', service: 'payments-worker' }],
  ['was anything scaled?', { form: 'changed', kind: 'scale' }],
  ['what happened on payments between 07:00 and 08:00', { form: 'happened', service: 'payments' }],
  ['what is going on with checkout', { form: 'happened', service: 'checkout' }],
  ['who approved the rollback?', { form: 'decided', answer: 'approved' }],
  ['who denied it', { form: 'decided', answer: 'denied' }],
  ['who decided that', { form: 'decided', answer: null }],
  ['what was tried so far?', { form: 'tried' }],
  ['what have we done', { form: 'tried' }],
  ['is payments healthy?', { form: 'health', service: 'payments' }],
  ['how is checkout doing', { form: 'health', service: 'checkout' }],
  ['is ledger-db ok now?', { form: 'health', service: 'ledger-db' }],
  ['when did it start?', { form: 'onset' }],
  ['what caused this?', { form: 'cause' }],
  ['why is checkout slow', { form: 'cause', service: 'checkout' }],
  ['what is different from the last incident?', { form: 'past' }],
  ['have we seen this before?', { form: 'past' }],
  ['which alerts fired', { form: 'signals' }],
  ['what did Mina write', { form: 'notes' }],
  ['show me the notes since 08:00', { form: 'notes' }],
  ['should I have lunch', { form: 'unknown' }],
])('understands “%s”', (question, form) => {
  expect(questionForm(question, services, asker)).toMatchObject(form);
});

it('finds the service that is meant, the longest name first', () => {
  expect(serviceIn('is payments-worker ok', services)).toBe('payments-worker');
  expect(serviceIn('Is Payments OK?', services)).toBe('payments');
  expect(serviceIn('what changed on cart.', services)).toBe('cart');
  expect(serviceIn('what changed in the last 5 minutes', services)).toBeNull();
});

it('takes any text and any names of services', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string()), (text, names) => {
      expect(questionForm(text, names, asker).form).toBeTypeOf('string');
    }),
  );
});
