import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callsQuery } from '../../../../electron/connectors/prometheus/call-topology.ts';
import {
  conventionMetrics,
  conventions,
} from '../../../../electron/connectors/prometheus/conventions/all.ts';
import { withinScope } from '../../../../electron/connectors/prometheus/metric-scope.ts';

const SHOP = ['namespace="shop"'];
describe('our own queries within a scope', () => {
  it.each(conventions.map(({ query }) => [query.replaceAll('$window', '60s')]))(
    'carry the matcher on each metric of %s',
    (query) => {
      const scoped = withinScope(query, SHOP);
      const some = conventionMetrics.map((name) => RegExp.escape(name)).join('|');
      const metrics = query.match(new RegExp(`(?<![\\w.])(?:${some})(?![\\w.])`, 'g')) ?? [];
      const inScope =
        scoped.match(new RegExp(`(?:\\b(?:${some})\\{|\\{"(?:${some})",)[^}]*namespace="shop"\\}`, 'g')) ??
        [];
      expect(metrics.length).toBeGreaterThan(0);
      expect(inScope).toHaveLength(metrics.length);
      expect(scoped.replaceAll(',namespace="shop"', '').replaceAll('{namespace="shop"}', '')).toBe(query);
    },
  );

  it('carry it in the question of who calls whom', () => {
    expect(withinScope(callsQuery({ fromMs: 0, toMs: 3_600_000 }), SHOP)).toContain(
      'istio_requests_total{reporter="destination",namespace="shop"}[3600s]',
    );
  });

  it('carry every matcher of every selector, with or without braces', () => {
    const scope = ['{namespace=~"shop|web", cluster="eu"}', 'env!="dev"'];
    expect(withinScope('avg by (job) (up{pod=""})', scope)).toBe(
      'avg by (job) (up{pod="",namespace=~"shop|web", cluster="eu",env!="dev"})',
    );
    expect(withinScope('avg (up)', [])).toBe('avg (up)');
    expect(withinScope('up', ['{"k8s.namespace.name"="shop"}'])).toBe('up{"k8s.namespace.name"="shop"}');
  });

  it.each([
    '',
    'namespace',
    'namespace=shop',
    'a="b"} or up{',
    'a="b" or c="d"',
    'a="b\n"',
    'up',
    '"up"',
    '"a",b="c"',
    '""="a"',
    '"a"b"="c"',
  ])('read nothing where a selector is %j', (selector) => {
    expect(() => withinScope('avg (up)', [selector])).toThrow(/is no selector.*so no metric is read/);
  });

  it('never let a selector out of the braces it is put in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        const selector = `a="${text}"`;
        let scoped: string;
        try {
          scoped = withinScope('avg (up)', [selector]);
        } catch {
          return;
        }
        expect(scoped).toBe(`avg (up{${selector}})`);
        expect(text.replace(/\\./g, '')).not.toContain('"');
      }),
    );
  });
});

describe('an expression that somebody else wrote, within a scope', () => {
  it.each([
    ['up', 'up{namespace="shop"}'],
    ['{"foo.bar", a=~"x"}', '{"foo.bar", a=~"x",namespace="shop"}'],
    ['up{a="}",}', 'up{a="}",namespace="shop"}'],
    ['up{ }', 'up{ namespace="shop"}'],
    ['a # } b\n+ b', 'a{namespace="shop"} # } b\n+ b{namespace="shop"}'],
    [
      'max_over_time(rate(x[5m] offset 1h)[1h:1m]) / on (a) group_left y',
      'max_over_time(rate(x{namespace="shop"}[5m] offset 1h)[1h:1m]) / on (a) group_left y{namespace="shop"}',
    ],
    ['up # of Windows\r\n+ x # \r', 'up{namespace="shop"} # of Windows\r\n+ x{namespace="shop"} # \r'],
    ['"{not a selector}" == "x"', '"{not a selector}" == "x"'],
  ])('%s is limited', (query, scoped) => expect(withinScope(query, SHOP)).toBe(scoped));

  it.each([
    'up{',
    'up{a="b" or c="d"}',
    'info(up)',
    'WITH (x = up) x',
    '',
    'up # \r or up',
    'up # \r\r{}\n',
    '{"http.requests" # \r} or {"http.requests"\n}',
  ])('%j is not evaluated', (query) => {
    expect(() => withinScope(query, SHOP)).toThrow(/reads.metrics/);
    expect(withinScope(query, [])).toBe(query);
  });
});

describe('names beyond ASCII, quoted as Prometheus 3 has them, within a scope', () => {
  it.each([
    ['{"http.requests"}', '{"http.requests",namespace="shop"}'],
    ['{"http.requests","http.status"="200"}', '{"http.requests","http.status"="200",namespace="shop"}'],
    ['up{"区域"="欧洲"}', 'up{"区域"="欧洲",namespace="shop"}'],
    ['sum by ("a b") (rate(x[5m]))', 'sum by ("a b") (rate(x{namespace="shop"}[5m]))'],
  ])('%s', (query, scoped) => {
    expect(withinScope(query, SHOP)).toBe(scoped);
  });
});
