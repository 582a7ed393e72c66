import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askInParts } from '../../../../electron/connectors/prometheus/ask-in-parts.ts';
import { type SeriesPart, seriesParts } from '../../../../electron/connectors/prometheus/series-parts.ts';
import { type Asks, wideScan } from '../../../../electron/connectors/prometheus/wide-scan.ts';
import { Failure } from '../../../../electron/platform/failure.ts';
import { Refused } from '../../../../electron/platform/http-reply.ts';

/** Whether a value fits a matcher, as an engine has it. */
function fits(matcher: string, value: string): boolean {
  const [, how, text = ''] = /^svc(=~|!~)(".*")$/s.exec(matcher) ?? [];
  const isFitting = new RegExp(`^(?:${JSON.parse(text)})$`, 's').test(value);
  return how === '=~' ? isFitting : !isFitting;
}
const fitsAll = (matchers: readonly string[], value: string) => matchers.every((one) => fits(one, value));
const names = (count: number) => Array.from({ length: count }, (_, at) => `service-${at}`);

describe('series', () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom('', 'a', 'a.b', 'a|b', '(', '\\', 'checkout', 'checkout-v2', 'n'.repeat(2_000)),
  );

  it('are cut so that each fits a part, those that came since and those without the label too', () => {
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 60 }),
        value,
        fc.integer({ min: 2, max: 5 }),
        (known, since, most) => {
          const parts = seriesParts('svc', known, most);
          expect(parts.length).toBeLessThanOrEqual(most);
          if (parts.length === 0) return;
          for (const one of [...known, since, ''])
            expect(parts.filter(({ matcher }) => fits(matcher, one)).length).toBeGreaterThan(0);
          for (const part of parts) for (const one of part.values) expect(known).toContain(one);
        },
      ),
    );
  });

  it.each<[string, string[]]>([
    ['that count up', names(50_000)],
    ['that begin alike for long', names(5_000).map((one) => `${'shop-'.repeat(20)}${one}`)],
    [
      'of which most are alike',
      [...names(900), ...['web', 'api', 'db'].flatMap((one) => names(30).map((n) => one + n))],
    ],
  ])('are cut into parts of about as many, in short patterns: names %s', (_what, known) => {
    const parts = seriesParts('svc', known, 4);
    expect(parts).toHaveLength(4);
    for (const { matcher } of parts) {
      const fitting = known.filter((one) => fits(matcher, one)).length;
      expect(fitting).toBeGreaterThan(0);
      expect(fitting).toBeLessThanOrEqual(known.length / 2);
      expect(matcher.length).toBeLessThan(8_000);
    }
  });

  it.each<[string, string[]]>([
    ['no value', []],
    ['one value', ['checkout']],
    ['the same value again and again', ['a', 'a', 'a']],
  ])('of %s are not cut', (_what, known) => expect(seriesParts('svc', known, 4)).toEqual<SeriesPart[]>([]));
});

/** An engine that can look at so many series at once, of which some changed; and how much it was asked to look at. */
function engine({ all, changed, most }: { all: string[]; changed: string[]; most: number }) {
  const asked: number[] = [];
  let tooMuch: Failure = new Failure('timeout', 'It took too long.');
  const looksAt = (matchers: readonly string[]) => {
    const some = all.filter((one) => fitsAll(matchers, one));
    asked.push(some.length);
    if (some.length > most) throw tooMuch;
    return changed.filter((one) => fitsAll(matchers, one));
  };
  return {
    asked,
    looksAt,
    ask: async (matchers: readonly string[]) => looksAt(matchers),
    cutBy: async () => ({ label: 'svc', values: all }),
    says(failure: Failure) {
      tooMuch = failure;
    },
  };
}
const changed = ['service-7', 'service-1234', 'service-9999'];

it('asks once where the engine can tell, and of nothing but all series', async () => {
  const { ask, cutBy, asked } = engine({ all: names(10_000), changed, most: 10_000 });
  expect(await askInParts({ ask, cutBy, level: 0 })).toEqual({ names: changed, level: 0, missed: null });
  expect(asked).toEqual([10_000]);
});

it.each([
  [4_000, 1],
  [1_200, 2],
])('finds in parts what is too much at once, where it can look at %d of 10 000', async (most, level) => {
  const { ask, cutBy, asked } = engine({ all: names(10_000), changed, most });
  const answer = await askInParts({ ask, cutBy, level: 0 });
  expect(answer).toMatchObject({ level, missed: null });
  expect(answer.names.toSorted()).toEqual(changed.toSorted());
  // The next time it begins where this ended.
  asked.splice(0);
  const next = await askInParts({ ask, cutBy, level: answer.level });
  expect(next.names.toSorted()).toEqual(changed.toSorted());
  expect(Math.max(...asked)).toBeLessThanOrEqual(most);
});

it('keeps what some parts tell, says that others could not, and cuts no further than twice', async () => {
  const all = [...names(100), ...Array.from({ length: 9_000 }, () => 'x')];
  const { ask, cutBy, asked } = engine({ all, changed: [...names(100), 'x'], most: 1_000 });
  const answer = await askInParts({ ask, cutBy, level: 0 });
  expect(answer.names.length).toBeGreaterThan(75);
  expect(answer.names).not.toContain('x');
  expect(answer.missed?.message).toBe('It took too long.');
  expect(asked.length).toBeLessThanOrEqual(1 + 4 + 16);
});

const refused = (status: number) =>
  new Refused(new Failure('bad_input', `It said ${status}.`), { status, headers: {} });

it.each([
  ['cuts', 422, true],
  ['cuts', 503, true],
  ['cuts', 504, true],
  ['does not cut', 400, false],
  ['does not cut', 401, false],
])('%s where the engine says %d', async (_how, status, isCut) => {
  const { ask, cutBy, asked, says } = engine({ all: names(1_000), changed, most: 400 });
  says(refused(status));
  const { missed } = await askInParts({ ask, cutBy, level: 0 });
  expect(asked.length > 1).toBe(isCut);
  expect(missed === null).toBe(isCut);
});

it('asks of all where what it could be cut by is not told, and says what came of it', async () => {
  const { ask } = engine({ all: names(1_000), changed, most: 400 });
  const cutBy = () => Promise.reject(new Failure('unreachable', 'no values'));
  expect(await askInParts({ ask, cutBy, level: 1 })).toMatchObject({
    names: [],
    missed: { message: 'It took too long.' },
  });
});

describe('a look', () => {
  const grid = { fromMs: 0, toMs: 1_800_000, stepMs: 60_000 };
  const one = {
    ...({ metrics: ['x'], name: 'traffic', kind: 'traffic', unit: 'req/s', service: 'svc' } as const),
    query: 'sum by (svc) (rate(x[$window]))',
  };
  const wish = { grid, services: [], scope: [], signal: new AbortController().signal };

  /** A server whose engine can look at so many series at once for what changed, and never for what is new. */
  function server(most: number) {
    const all = names(10_000);
    const { looksAt } = engine({ all, changed, most });
    const spans: string[] = [];
    const api: Asks = {
      async instant(query) {
        if (query.startsWith('count(')) return [{ labels: {}, value: all.length }];
        if (query.includes('unless')) throw new Failure('timeout', 'It took too long.');
        spans.push(/\)\[(\d+)s:/.exec(query)?.[1] ?? '');
        const [, inside = ''] = /x\{([^}]*)\}/.exec(query) ?? [];
        const matchers = [...inside.matchAll(/svc(?:=~|!~)"(?:[^"\\]|\\.)*"/g)].map(([matcher]) => matcher);
        return looksAt(matchers).map((svc, at) => ({ labels: { svc }, value: 100 - at }));
      },
      labelNames: async () => [],
      labelValues: async ({ scope }) => {
        expect(scope).toEqual(wish.scope);
        return all;
      },
    };
    return { scan: wideScan(api, api, 1_000), spans };
  }

  it('finds in parts what changed, and says what it could not find out', async () => {
    const { scan } = server(4_000);
    const wanted = await scan.wantedOf(one, [one], wish);
    expect(wanted).toMatchObject({ kind: 'some' });
    for (const name of changed) expect(JSON.stringify(wanted)).toContain(name);
    expect(scan.sentence()).toMatch(
      /The engine took too long, or could not tell: which are new in traffic\./,
    );
  });

  it('fails where nothing at all could be found out', async () => {
    await expect(server(0).scan.wantedOf(one, [one], wish)).rejects.toMatchObject({ code: 'timeout' });
  });

  it('asks of lately alone once all was found out, the next time', async () => {
    const { scan, spans } = server(4_000);
    await scan.wantedOf(one, [one], wish);
    expect(new Set(spans)).toContain('1800');
    spans.splice(0);
    await scan.wantedOf(one, [one], { ...wish, grid: { ...grid, toMs: grid.toMs + 90_000 } });
    await new Promise((resolve) => setImmediate(resolve));
    expect(new Set(spans)).not.toContain('1800');
    expect(spans.length).toBeGreaterThan(0);
  });
});
