import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseDefinition } from '../../../../electron/connectors/flagd/definition.ts';
import { Failure } from '../../../../electron/platform/failure.ts';

const good = `{
  "$schema": "https://flagd.dev/schema/v0/flags.json",
  "metadata": { "flagSetId": "shop" },
  "flags": {
\t\t"cart.new": { "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off",
      "targeting": { "if": [ { "$ref": "staff" }, "on" ] } },
    "colour": { "state": "DISABLED", "variants": { "red": "#f00" }, "defaultVariant": null }
  },
  "$evaluators": { "staff": { "ends_with": [ { "var": "email" }, "@shop.example" ] } }
}`;

it('reads flags, shared rules and the name of the set, from a map or a list, in JSON or YAML', () => {
  const { flags, evaluators, setId } = parseDefinition(good, 'flags.json');
  expect([...flags.keys()]).toEqual(['cart.new', 'colour']);
  expect(flags.get('cart.new')?.defaultVariant).toBe('off');
  expect(Object.keys(evaluators)).toEqual(['staff']);
  expect(setId).toBe('shop');
  const list = 'flags:\n  - key: cart.new\n    variants: { on: true }\n    defaultVariant: on\n';
  expect(parseDefinition(list, 'flags.yaml').flags.get('cart.new')?.state).toBe('ENABLED');
});

it.each<[string, string, string, RegExp]>([
  ['a comma too many', 'flags.json', '{\n "flags": {\n },\n}', /^flags\.json, line 4: it is not JSON\.$/],
  ['half a file', 'flags.json', '{\n "flags": {\n  "a": {', /^flags\.json, line 3: /],
  [
    'a state that is none',
    'f.json',
    '{\n "flags": {\n  "a": {\n   "state": "ON"\n}}}',
    /line 4: flags\.a\.state: /,
  ],
  [
    'a default that is no variant',
    'f.json',
    '{"flags": {\n"a": { "state": "ENABLED", "variants": {"on": true},\n"defaultVariant": "off" }}}',
    /line 3: flags\.a\.defaultVariant: there is no variant "off"/,
  ],
  ['a flag that is none', 'f.json', '{"flags": {\n\n"a": 7}}', /line 3: flags\.a: /],
  ['the same flag twice', 'f.json', '{"flags": {\n"a": {},\n"a": {}}}', /line 3: Map keys must be unique/],
  ['no flags', 'f.json', '{\n"flag": {}}', /line 1: flags: /],
  ['another file', 'f.json', '"just a text"', /line 1: /],
  ['nothing', 'f.yaml', '', /f\.yaml/],
  ['aliases that unfold without end', 'f.yaml', bomb(), /f\.yaml/],
  ['brackets without end', 'f.yaml', `flags: ${'['.repeat(20_000)}`, /f\.yaml, line 1/],
])('names what is wrong with %s, and where', (_case, file, text, says) => {
  expect(() => parseDefinition(text, file)).toThrow(Failure);
  expect(() => parseDefinition(text, file)).toThrow(says);
});

function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x]'];
  for (let at = 1; at < 9; at += 1)
    lines.push(`a${at}: &a${at} [${Array.from({ length: 8 }, () => `*a${at - 1}`).join(', ')}]`);
  return `${lines.join('\n')}\nflags: { a: { targeting: { x: *a8 } } }\n`;
}

it('answers with a definition or a failure that names the file, whatever stands in it', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.json(),
        fc.json().map((json) => `{"flags": ${json}}`),
      ),
      fc.constantFrom('f.json', 'f.yaml'),
      (text, file) => {
        try {
          expect(parseDefinition(text, file).flags).toBeInstanceOf(Map);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
          expect(String(error)).toContain(file);
        }
      },
    ),
  );
});
