import { parser } from '@prometheus-io/lezer-promql';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withinScope } from '../../../../electron/connectors/prometheus/metric-scope.ts';
import { namesThere } from '../../../../electron/connectors/prometheus/names-there.ts';
import { quoted } from '../../../../electron/connectors/prometheus/quoted.ts';
import { labelName, selector } from '../../../../electron/connectors/prometheus/quoted-names.ts';
import { Failure } from '../../../../electron/platform/failure.ts';
import { parseQuery, parseSelector } from '../../../../electron/sandbox/prometheus/promql/syntax.ts';

const WORDS = [
  'and',
  'By',
  'bool',
  'inf',
  'NaN',
  'sum',
  'on',
  'or',
  'offset',
  'group_left',
  'start',
  'info',
  'rate',
];
const HOSTILE = [
  'up',
  'a.b',
  'a"b',
  '\\',
  '"}',
  '} or up{',
  '{',
  '#',
  '\n',
  '\r',
  '`',
  "'",
  '\0',
  '\u2028',
  '\ufffd',
];
/** Every script, half characters, and what would break out of a string or be a word of PromQL. */
const name = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.array(fc.constantFrom(...HOSTILE), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
    fc.constantFrom(...WORDS, ...HOSTILE, '\ud800'),
  )
  // The grammar looks words up in a plain object, and refuses as no word those that every object has.
  .filter((text) => text !== '' && !(text in {}));

describe('a name in PromQL', () => {
  it('stands without quotes where every Prometheus knows it', () => {
    expect(selector('http_requests_total')).toBe('http_requests_total');
    expect(selector('job:errors:rate5m', ['code="5"'])).toBe('job:errors:rate5m{code="5"}');
    expect(labelName('service_name')).toBe('service_name');
  });

  it('stands in quotes otherwise', () => {
    expect(selector('http.server.duration_count', [`${labelName('http.route')}="/"`])).toBe(
      '{"http.server.duration_count","http.route"="/"}',
    );
    expect(selector('温度')).toBe('{"温度"}');
  });

  it('is read back as it was, in whatever script, and ends nothing', () => {
    fc.assert(
      fc.property(name, name, name, (metric, label, value) => {
        const asked = selector(metric, [`${labelName(label)}=${quoted(value)}`]);
        const { matchers } = parseSelector(asked);
        const read = matchers.map((one) => [one.label, one.op, one.value]);
        const wanted = [
          ['__name__', '=', metric.toWellFormed()],
          [label.toWellFormed(), '=', value.toWellFormed()],
        ];
        expect(read.sort()).toEqual(wanted.sort());
        const grouped = parseQuery(`sum by (${labelName(label)}, le) (${selector(metric)})`);
        expect(grouped).toMatchObject({ grouping: { labels: [label.toWellFormed(), 'le'] } });
      }),
      { numRuns: 1_000 },
    );
  });

  it('is limited to the scope as any other, in one selector and no more', () => {
    fc.assert(
      fc.property(name, name, (metric, label) => {
        const asked = selector(metric, [`${labelName(label)}!="x"`]);
        const scoped = withinScope(`rate(${asked}[5m])`, ['"k8s.namespace.name"="shop"', 'env="live"']);
        expect(scoped).toBe(`rate(${asked.slice(0, -1)},"k8s.namespace.name"="shop",env="live"}[5m])`);
        expect(
          parser
            .parse(scoped)
            .toString()
            .match(/VectorSelector/g),
        ).toHaveLength(1);
      }),
    );
  });
});

describe('the metrics that are there', () => {
  const dotted = 'http.server.duration_count';
  const window = { fromMs: 0, toMs: 60_000 };
  const calm = () => new AbortController().signal;
  const engine = (there: string[], instant: () => Promise<[]>) => {
    const asked: string[] = [];
    return {
      asked,
      names: namesThere({
        existing: async () => new Set(there),
        instant: (query) => {
          asked.push(query);
          return instant();
        },
      }),
    };
  };

  it('are all of them where names in quotes are understood', async () => {
    const { names, asked } = engine(['up', dotted], async () => []);
    expect(await names.existing(window, calm())).toEqual(new Set(['up', dotted]));
    expect(asked).toEqual(['count by ("countersign.none") ({"countersign.none","countersign.none"="none"})']);
    expect(names.sentence()).toBeNull();
  });

  it('are those without dots where they are not, and the status says so', async () => {
    const refused = new Failure('bad_input', 'Prometheus does not understand the question (422).');
    const { names } = engine(['up', dotted], () => Promise.reject(refused));
    expect(await names.existing(window, calm())).toEqual(new Set(['up']));
    expect(names.sentence()).toMatch(/such as http\.server\.duration_count .* are not read\.$/);
  });

  it('are asked about no further where none has a dot, and any other failure is one', async () => {
    const down = new Failure('unreachable', 'It is down.');
    const plain = engine(['up'], () => Promise.reject(down));
    expect(await plain.names.existing(window, calm())).toEqual(new Set(['up']));
    expect(plain.asked).toEqual([]);
    const { names } = engine(['up', dotted], () => Promise.reject(down));
    await expect(names.existing(window, calm())).rejects.toBe(down);
  });
});
