import { describe, expect, it } from 'vitest';
import { observationOf } from '../../../../electron/connectors/kubernetes/event-observations.ts';
import { CoreEvent } from '../../../../electron/connectors/kubernetes/resources.ts';
import { Observation } from '../../../../shared/vocabulary/event.ts';
import { coreEvent } from '../../../fixtures/kubernetes-objects.ts';

const observe = (facts: Parameters<typeof coreEvent>[0]) => {
  const observation = observationOf(CoreEvent.parse(coreEvent(facts)), 'k');
  if (observation) expect(Observation.parse(observation)).toEqual(observation);
  return observation;
};
const change = (kind: string, more: Record<string, string> = {}) => ({
  'countersign.dev/change': kind,
  'countersign.dev/service': 'checkout',
  ...more,
});

describe('an annotated Event', () => {
  it('is a change of that service, with flag and actor', () => {
    const annotations = change('flag', {
      'countersign.dev/flag': 'new-cart',
      'countersign.dev/actor': 'mara',
    });
    const about = { kind: 'FeatureFlag', name: 'new-cart' };
    expect(
      observe({ name: 'new-cart.1a', message: 'Flag new-cart updated: off -> on', annotations, about }),
    ).toMatchObject({
      key: 'flag:shop/new-cart.1a',
      kind: 'change',
      change: 'flag',
      service: 'checkout',
      atMs: Date.parse('2026-03-01T10:31:00Z'),
      title: 'Flag new-cart updated: off -> on',
      actor: 'mara',
      labels: { namespace: 'shop', flag: 'new-cart' },
    });
  });

  it.each(['flag', 'config', 'traffic', 'scale', 'infrastructure', 'deploy'])(
    'may be a change of kind %s',
    (kind) =>
      expect(observe({ annotations: change(kind) })).toMatchObject({ change: kind, actor: 'kubelet' }),
  );

  const config = (more: Record<string, string>) =>
    observe({
      annotations: change('config', more),
      about: { kind: 'ConfigMap', name: 'checkout-config' },
    });

  it('says which field of which object it changed, from what to what', () => {
    const field = { 'countersign.dev/field': 'pool.size' };
    const both = { ...field, 'countersign.dev/before': '40', 'countersign.dev/after': '4' };
    expect(config(both)).toMatchObject({
      diff: [{ path: 'pool.size', before: '40', after: '4' }],
      labels: { namespace: 'shop', object: 'ConfigMap/checkout-config' },
    });
    expect(config({ ...both, 'countersign.dev/object': 'Ingress/shop' })).toMatchObject({
      labels: { object: 'Ingress/shop' },
    });
    expect(config({ ...field, 'countersign.dev/after': '' })).toMatchObject({
      diff: [{ path: 'pool.size', before: null, after: '' }],
    });
  });

  it('without a field has no difference to show, and names no object that is none', () => {
    expect(config({ 'countersign.dev/before': '40' })).not.toHaveProperty('diff');
    expect(config({ 'countersign.dev/object': 'a; rm -rf /' })?.labels).not.toHaveProperty('object');
  });

  it.each([
    ['db.password', 'hunter2'],
    ['db.url', 'postgres://app:hunter2@db/shop'],
  ])('keeps the secret of %s to itself', (field, secret) => {
    const more = { 'countersign.dev/field': field, 'countersign.dev/after': secret };
    expect(JSON.stringify(config(more))).not.toContain('hunter2');
    expect(config(more)).toMatchObject({
      diff: [{ before: null, after: expect.stringContaining('(hidden)') }],
    });
  });

  it('bounds a value that is a whole file', () => {
    const more = { 'countersign.dev/field': 'file', 'countersign.dev/after': 'x'.repeat(9_000) };
    const told = config(more);
    expect(told?.kind === 'change' && told.diff?.[0]?.after?.length).toBe(4_000);
  });

  it('of an unknown kind is no change', () =>
    expect(observe({ annotations: change('anything') })).toBeNull());

  it('is dated by its last time, else by its event time, else by its creation', () => {
    const annotations = change('config');
    expect(observe({ annotations, at: null, eventTime: '2026-03-01T10:20:00.5Z' })?.atMs).toBe(
      Date.parse('2026-03-01T10:20:00.5Z'),
    );
    expect(observe({ annotations, at: null })?.atMs).toBe(Date.parse('2026-03-01T10:00:00Z'));
  });
});

describe('a warning', () => {
  const backOff = (facts: Parameters<typeof coreEvent>[0] = {}) =>
    observe({
      type: 'Warning',
      reason: 'BackOff',
      message: 'Back-off restarting failed container',
      ...facts,
    });

  it('is a signal about the workload of the pod', () => {
    expect(backOff()).toMatchObject({
      kind: 'signal',
      sort: 'kubernetes',
      severity: 'warning',
      service: 'checkout',
      title: 'BackOff: Back-off restarting failed container',
    });
  });

  it('is one signal for all pods that fail alike, and another ten minutes later', () => {
    const other = backOff({
      name: 'other',
      about: { kind: 'Pod', name: 'checkout-6d9f7c5b8d-kk4zt' },
      at: '2026-03-01T10:33:00Z',
    });
    expect(other?.key).toBe(backOff()?.key);
    expect(backOff({ at: '2026-03-01T10:45:00Z' })?.key).not.toBe(backOff()?.key);
    expect(backOff({ reason: 'Unhealthy' })?.key).not.toBe(backOff()?.key);
  });

  it('about a node concerns no service', () => {
    expect(backOff({ reason: 'Evicted', about: { kind: 'Node', name: 'node-a1' } })?.service).toBeNull();
  });

  it('of many lines keeps its first as title, and is bounded', () => {
    const message = `first\n${'x'.repeat(20_000)}`;
    expect(backOff({ message })).toMatchObject({
      title: 'BackOff: first',
      detail: expect.stringMatching(/^first\n/),
    });
    expect(backOff({ message: 'y'.repeat(20_000) })?.title.length).toBeLessThanOrEqual(500);
  });
});

it('passes over the thousand ordinary Events', () => expect(observe({ reason: 'Pulled' })).toBeNull());
