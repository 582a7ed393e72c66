import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logQuery, scopeSelector } from '../../../../electron/connectors/loki/log-query.ts';

it('puts the matchers of the envelope into the selector, and texts into quotes', () => {
  const wish = { service: 'checkout', contains: 'error (a|b)', without: 'health' };
  expect(logQuery('app', wish, ['namespace="shop"', '{env!="dev"}'])).toEqual({
    selector: '{app="checkout",namespace="shop",env!="dev"}',
    query: '{app="checkout",namespace="shop",env!="dev"} |~ "(?i)error \\\\(a\\\\|b\\\\)" !~ "(?i)health"',
  });
  expect(scopeSelector([])).toBeNull();
});

it.each(['', 'x', 'a="b"} or {c="d"', 'a="b\n"'])(
  'reads nothing where a matcher of the envelope is %j',
  (matcher) => {
    expect(() => logQuery('app', { service: 'a' }, [matcher])).toThrow(/reads.logs.*so no log is read/);
    expect(() => scopeSelector([matcher])).toThrow(/reads.logs/);
  },
);

/** The strings of a query, as Loki would read them back. */
const stringsIn = (query: string) =>
  [...query.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([text]) => JSON.parse(text) as string);

it('keeps whatever is looked for within its quotes', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('"} | drop', '`', '\\', '\n', '{{.x}}'),
  );
  fc.assert(
    fc.property(text, text, (service, contains) => {
      const { query } = logQuery('app', { service, contains }, ['namespace="shop"']);
      const strings = stringsIn(query);
      expect(strings).toHaveLength(3);
      expect(strings[0]).toBe(service.toWellFormed());
      expect(query.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')).toBe('{app="",namespace=""} |~ ""');
      expect(new RegExp((strings[2] ?? '').replace('(?i)', ''), 'i').test(contains.toWellFormed())).toBe(
        true,
      );
    }),
  );
});
