import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { prometheusApi } from '../../../electron/connectors/prometheus/api.ts';
import { withinScope } from '../../../electron/connectors/prometheus/metric-scope.ts';
import { quoted } from '../../../electron/connectors/prometheus/quoted.ts';
import { Failure } from '../../../electron/platform/failure.ts';
import { httpClient } from '../../../electron/platform/http.ts';
import { type RealServer, startPrometheus, whyUnavailable } from '../../fixtures/debian-servers.ts';
import { testOnRealServers as it } from '../../fixtures/test-on-real-servers.ts';

const SECONDS = 1_772_359_200;

/** What two parsers of PromQL may take for different things, in any order. */
const PIECES = [
  ...['up', '{"up"}', '{', '}', '{namespace="other"}', '"namespace"="other"', '__name__="up"', ',', '(', ')'],
  ...[
    ' or ',
    ' + ',
    'max by (namespace) ',
    '#',
    '"',
    "'",
    '`',
    '\\',
    '\\"',
    '\n',
    '\r',
    '\r\n',
    '\u2028',
    ' ',
    '1',
  ],
];

describe('on a real Prometheus that holds what the envelope hides', () => {
  let server: RealServer | undefined;
  beforeAll(async () => {
    if (whyUnavailable() !== null) return;
    const samples = ['shop', 'other'].map((namespace) => `up{namespace="${namespace}"} 1 ${SECONDS}`);
    server = await startPrometheus({ history: `${samples.join('\n')}\n# EOF\n` });
  });
  afterAll(() => server?.close());

  const ask = (query: string) => {
    const http = httpClient({ system: 'Prometheus', url: server?.url ?? '', authorization: null });
    return prometheusApi(http).instant(query, SECONDS * 1_000 + 1_000, new AbortController().signal);
  };
  /** The namespaces that an expression reads within the scope, or none where it is refused or is a string. */
  async function namespacesOf(query: string): Promise<(string | undefined)[]> {
    try {
      const samples = await ask(withinScope(query, ['namespace="shop"']));
      return samples.map(({ labels }) => labels['namespace']);
    } catch (error) {
      if (error instanceof Failure && ['refused', 'bad_input', 'bad_reply'].includes(error.code)) return [];
      throw error;
    }
  }

  it('answers what lies within the scope, and beside it once the scope is gone', async () => {
    expect(await namespacesOf('up')).toEqual(['shop']);
    const all = await ask('up{namespace="shop"} # \r or up');
    expect(all.map(({ labels }) => labels['namespace']).sort()).toEqual(['other', 'shop']);
  });

  it('lets no expression past the scope, wherever it ends a comment, a string or a brace', async () => {
    expect(await namespacesOf('up # \r or up')).toEqual([]);
    const pieces = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 8 });
    // Many are no PromQL; among those that are, a comment after a selector is frequent.
    const commented = pieces.map((some) => `up #${some.join('')}`);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          pieces.map((some) => some.join('')),
          commented,
        ),
        async (query) => {
          expect(await namespacesOf(query)).not.toContain('other');
        },
      ),
      { numRuns: 1_000, examples: [['up # \r or up'], ['up{#\r} or up{\n}']] },
    );
  });

  it('reads every text as it was quoted, in whatever script', async () => {
    const text = fc.string({
      unit: fc.oneof(
        { arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), weight: 3 },
        fc.constantFrom('\ufffd', '"', '\\', '\n', '\r', '#', '}', '`', "'", '\u2028', '\ud800', '\0'),
      ),
    });
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const [sample] = await ask(
          `label_replace(vector(1), "told", ${quoted(value.replaceAll('$', '$$$$'))}, "", "")`,
        );
        expect(sample?.labels['told'] ?? '').toBe(value.toWellFormed());
      }),
      { numRuns: 500, examples: [['\ufffd'], ['\ud800x']] },
    );
  });
});
