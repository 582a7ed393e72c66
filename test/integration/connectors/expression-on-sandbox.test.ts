import { afterAll, beforeAll, expect, it } from 'vitest';
import { prometheus } from '../../../electron/connectors/prometheus/prometheus.ts';
import type { Connector } from '../../../electron/connectors/source.ts';
import type { SteppedClock } from '../../../electron/platform/clock.ts';
import type { Sandbox } from '../../../electron/sandbox/sandbox.ts';
import { steppedSandbox } from '../../fixtures/open-sandbox.ts';

const calm = () => new AbortController().signal;

let time: SteppedClock;
let sandbox: Sandbox;
let connector: Connector;

beforeAll(async () => {
  ({ sandbox, time } = await steppedSandbox(7));
  connector = prometheus({
    id: 'drill-prometheus',
    name: 'Drill Prometheus',
    url: sandbox.prometheus.url,
    authorization: `Bearer ${sandbox.prometheus.token}`,
  });
});
afterAll(() => sandbox.close());

it('gives an expression that a server answers with the very series that was charted', async () => {
  const { metrics } = connector;
  if (!metrics?.expressionOf) throw new Error('Prometheus has a language');
  const window = { fromMs: time.clock.now() - 600_000, toMs: time.clock.now(), stepMs: 15_000 };
  const [culprit] = sandbox.answer.services;
  const series = (await metrics.serviceMetrics(window, calm())).filter(({ service }) => service === culprit);
  expect(series.length).toBeGreaterThan(3);
  for (const one of series) {
    const expression = await metrics.expressionOf(one, window, calm());
    const answers = await metrics.range(expression ?? '', { ...window, fromMs: one.fromMs }, calm());
    const [only, ...others] = answers;
    expect(others, expression ?? '').toHaveLength(0);
    const charted = one.values.flatMap((value, at) =>
      value === null ? [] : [[one.fromMs + at * one.stepMs, value]],
    );
    const asked = only?.points
      .filter(({ value }) => Number.isFinite(value))
      .map(({ atMs, value }) => [atMs, value]);
    expect(asked, expression ?? '').toEqual(charted);
  }
});

it('has none for a series that no convention tells of', async () => {
  const window = { fromMs: time.clock.now() - 600_000, toMs: time.clock.now(), stepMs: 15_000 };
  const strange = { service: 'payments', name: 'made_up', labels: {} };
  expect(await connector.metrics?.expressionOf?.(strange, window, calm())).toBeNull();
});
