import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ruleEngine } from '../../../electron/sandbox/prometheus/rules.ts';
import { type RealServer, startPrometheus, whyUnavailable } from '../../fixtures/debian-servers.ts';
import { testOnRealServers as it } from '../../fixtures/test-on-real-servers.ts';
import type { Asked } from './prom-ask.ts';
import { listed } from './prom-lists.ts';
import { answered } from './prom-queries.ts';
import { refused } from './prom-refusals.ts';
import { fromSandbox, type Reply, replyOf } from './prom-reply.ts';
import { asOpenMetrics, inStore, lastScrape } from './prom-same-samples.ts';

describe('the Prometheus of the sandbox answers as a real one with the same samples', () => {
  let server: RealServer | undefined;

  beforeAll(async () => {
    if (whyUnavailable() !== null) return;
    server = await startPrometheus({ history: asOpenMetrics(), evaluationInterval: '15s' });
  });
  afterAll(() => server?.close());

  async function compared(asked: Asked): Promise<{ real: Reply; sandbox: Reply }> {
    const real = comparable(asked, await replyOf(`${server?.url}`, asked));
    return { real, sandbox: comparable(asked, fromSandbox(held, lastScrape * 1_000, asked)) };
  }

  for (const asked of answered) {
    it(asked.name, async () => {
      const { real, sandbox } = await compared(asked);
      expect(sandbox).toEqual(real);
      expect(real.status).toBe(200);
      // An answer without any content would prove little.
      expect(/"result":\[\]/.test(JSON.stringify(real.body))).toBe(asked.mayBeEmpty);
    });
  }

  for (const asked of refused) {
    it(`${asked.name || 'nothing'}, with an error`, async () => {
      const { real, sandbox } = await compared(asked);
      expect(sandbox).toEqual(real);
      expect(real).toMatchObject({ body: { status: 'error' } });
    });
  }

  for (const asked of listed) {
    it(asked.name, async () => {
      const { real, sandbox } = await compared(asked);
      expect(sandbox).toEqual(real);
      expect(/"(data|result|alerts|groups)":\[\]/.test(JSON.stringify(real.body))).toBe(asked.mayBeEmpty);
    });
  }
});

const store = inStore();
const held = { store, rules: ruleEngine([], store) };

/** Leaves out what the two need not have in common, and nothing else. */
function comparable({ anyOrder, sameUpTo }: Asked, { status, body }: Reply): Reply {
  const content = rounded(body);
  if (typeof content !== 'object' || content === null) return { status, body: content };
  if (sameUpTo !== null && 'error' in content) {
    const error = String(content.error);
    const end = error.indexOf(sameUpTo);
    return { status, body: { ...content, error: end < 0 ? error : error.slice(0, end + sameUpTo.length) } };
  }
  if (!anyOrder || !('data' in content)) return { status, body: content };
  const { data } = content;
  if (typeof data !== 'object' || data === null || !('result' in data) || !Array.isArray(data.result)) {
    return { status, body: content };
  }
  const result = data.result.map((one: unknown) => JSON.stringify(one)).sort();
  return { status, body: { ...content, data: { ...data, result } } };
}

/** Sums may differ in their last bits by the order of additions: samples to twelve digits, all else to the letter. */
function rounded(value: unknown): unknown {
  if (Array.isArray(value)) {
    const [at, text] = value;
    if (value.length === 2 && typeof at === 'number' && typeof text === 'string') {
      const number = Number(text);
      // What is written with an exponent must be so in both.
      const digits = number.toExponential(11);
      return [at, Number.isFinite(number) && text !== '' ? `${digits}${/e.*/.exec(text)?.[0] ?? ''}` : text];
    }
    return value.map(rounded);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, rounded(inner)]));
}
