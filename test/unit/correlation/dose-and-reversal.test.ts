import { describe, expect, it } from 'vitest';
import { explain } from '../../../electron/correlation/rank-explained.ts';
import type { CaseChange, CaseFile } from '../../../shared/formats/case.ts';
import { at, caseWith, change, metric } from '../../fixtures/case-builder.ts';

/** One service whose latency is `levelAt` a minute; another, in order, that is changed as often. */
const shop = (levelAt: (minute: number) => number, changes: CaseChange[]): CaseFile => {
  const calm = metric({ service: 'cart', kind: 'latency', normal: 0.2, noise: 0.04, seed: 5 });
  const values = Array.from(calm.values, (value, minute) => ((value ?? 0.2) / 0.2) * levelAt(minute));
  return caseWith({
    services: [{ id: 'cart' }, { id: 'mail' }],
    metrics: [{ ...calm, values }, metric({ service: 'mail', kind: 'latency', normal: 0.1, seed: 6 })],
    changes,
  });
};

const stage = (id: string, minute: number, rollout: string): CaseChange =>
  change(id, 'cart', minute, { kind: 'flag', labels: { flag: 'new-prices', rollout } });
const stages = [stage('a tenth', 45, '10'), stage('a half', 52, '50'), stage('all', 60, '100')];
const shareAt = (minute: number): number => (minute < 45 ? 0 : minute < 52 ? 0.1 : minute < 60 ? 0.5 : 1);

const factorOf = (input: CaseFile, id: string, name: string) => {
  const found = explain(input)
    .changes.find((one) => one.id === id)
    ?.factors.find((one) => one.name === name);
  if (!found) throw new Error(`${id} has no ${name}`);
  return found;
};

describe('dose', () => {
  const other = change('other', 'cart', 51);

  it('speaks for a flag whose every stage made it worse', () => {
    const input = shop((minute) => 0.2 * (1 + 2 * shareAt(minute)), [...stages, other]);
    const { value, sentence } = factorOf(input, 'a half', 'dose');
    expect(value).toBeGreaterThan(0.9);
    expect(sentence).toBe('The trouble followed its share of requests: 10 %, 50 %, 100 %');
    expect(explain(input).changes.at(-1)?.id).toBe('other');
  });

  it('speaks against it where all came at once', () => {
    const { value, sentence } = factorOf(
      shop((minute) => (minute < 51 ? 0.2 : 0.6), [...stages, other]),
      'a half',
      'dose',
    );
    expect(value).toBeLessThan(0.35);
    expect(sentence).toContain('did not wait');
  });

  it.each([
    ['one stage', [stage('a half', 52, '50')]],
    [
      'stages of two flags',
      [
        stage('a half', 52, '50'),
        change('b', 'cart', 60, { kind: 'flag', labels: { flag: 'else', rollout: '100' } }),
      ],
    ],
    ['shares that are none', [stage('a half', 52, 'most'), stage('all', 60, '-5'), stage('b', 61, '')]],
  ])('is silent of %s', (_case, changes) => {
    expect(
      factorOf(
        shop((minute) => (minute < 53 ? 0.2 : 0.6), changes),
        'a half',
        'dose',
      ).value,
    ).toBe(0.5);
  });
});

describe('reversal', () => {
  const flip = (id: string, minute: number, before: string, after: string): CaseChange =>
    change(id, 'cart', minute, {
      kind: 'config',
      diff: [{ path: 'pool.max', before, after }],
    });
  const [made, back] = [flip('made', 40, '40', '8'), flip('back', 60, '8', '40')];
  const other = change('other', 'cart', 39, { kind: 'config' });
  const badUntil = (end: number) => (minute: number) => (minute >= 41 && minute < end ? 0.8 : 0.2);

  it('speaks for what was taken back when the trouble went with it', () => {
    const input = shop(badUntil(61), [made, back, other]);
    const { value, sentence } = factorOf(input, 'made', 'reversal');
    expect(value).toBeGreaterThan(0.8);
    expect(sentence).toMatch(/^It was taken back at 11:00 UTC, and (9\d|100) % of the trouble went$/);
    expect(explain(input).changes[0]?.id).toBe('made');
  });

  it('speaks against what was taken back in vain', () => {
    const input = shop(badUntil(90), [made, back, other]);
    const { value, sentence } = factorOf(input, 'made', 'reversal');
    expect(value).toBeLessThan(0.2);
    expect(sentence).toContain('of the trouble stayed');
    expect(explain(input).changes[0]?.id).toBe('other');
  });

  it('speaks against what had been taken back before there was any trouble', () => {
    const early = [flip('made', 20, '40', '8'), flip('back', 28, '8', '40'), other];
    expect(factorOf(shop(badUntil(90), early), 'made', 'reversal').sentence).toContain(
      'before the trouble began',
    );
  });

  it('waits until it can tell', () => {
    const late = [made, flip('back', 74, '8', '40'), other];
    const { value, sentence } = factorOf(shop(badUntil(90), late), 'made', 'reversal');
    expect(value).toBe(0.5);
    expect(sentence).toContain('cannot be told yet');
  });

  const version = (id: string, minute: number, version: string) =>
    change(id, 'cart', minute, { labels: { version } });
  const share = (id: string, minute: number, rollout: string) =>
    change(id, 'cart', minute, { kind: 'flag', labels: { flag: 'f', rollout } });
  it.each<[string, CaseChange[], boolean]>([
    [
      'a version put back',
      [version('0', 5, '1.0'), version('made', 40, '1.1'), version('back', 60, '1.0')],
      true,
    ],
    [
      'a version after it',
      [version('0', 5, '1.0'), version('made', 40, '1.1'), version('back', 60, '1.2')],
      false,
    ],
    ['a flag closed', [share('made', 40, '30'), share('back', 60, '0')], true],
    [
      'a flag closed in part',
      [share('0', 30, '10'), share('made', 40, '50'), share('back', 60, '20')],
      false,
    ],
    ['a flag opened further', [share('made', 40, '30'), share('back', 60, '60')], false],
    [
      'another field',
      [
        made,
        change('back', 'cart', 60, { kind: 'config', diff: [{ path: 'ttl', before: '8', after: '40' }] }),
      ],
      false,
    ],
    ['another service', [made, { ...back, service: 'mail' }], false],
  ])('knows %s', (_case, changes, isReversal) => {
    const { sentence } = factorOf(shop(badUntil(61), [...changes, other]), 'made', 'reversal');
    expect(sentence !== 'It was not taken back').toBe(isReversal);
  });
});

describe('a leak', () => {
  /** Memory told in steps of five minutes over ten hours up to the end of the case: level, then growing from `since` on. */
  const hours = (service: string, since: number | null) => ({
    ...metric({
      service,
      kind: 'saturation',
      name: 'memory',
      normal: 0.3,
      noise: 0.01,
      minutes: 600,
      stepSeconds: 300,
    }),
    from: at(75 - 600),
    values: Array.from({ length: 120 }, (_, index) => {
      const minute = 75 - 600 + index * 5;
      const grown = since === null ? 0 : Math.max(0, minute - since) / 300;
      return 0.3 * (1 + grown) * (1 + 0.01 * Math.sin(index * 7.3));
    }),
  });
  const near = (service: string, level: number) =>
    metric({ service, kind: 'saturation', name: 'memory', normal: level, noise: 0.01 });
  const changes = [
    change('old', 'cart', -262),
    change('older', 'cart', -420),
    change('lately', 'cart', 58),
    change('elsewhere', 'mail', 59),
  ];
  const leaking = (since: number | null): CaseFile => {
    const input = shop((minute) => (minute < 60 ? 0.2 : 0.6), changes);
    const grown = [
      near('cart', since === null ? 0.3 : 0.6),
      hours('cart', since),
      near('mail', 0.3),
      hours('mail', null),
    ];
    return { ...input, metrics: [...input.metrics, ...grown] };
  };

  it('is dated by the growth of hours, and so is its cause', () => {
    const { changes } = explain(leaking(-260));
    expect(changes[0]?.id).toBe('old');
    expect(changes[0]?.factors.find(({ name }) => name === 'delay')?.sentence).toMatch(
      /(before|coincides with the onset of) the steady growth of memory of cart/,
    );
  });

  it('is not seen in a level that stays', () => {
    expect(explain(leaking(null)).changes[0]?.id).toBe('lately');
  });
});
