import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { toolGateway } from '../../../electron/analyst/tool-gateway.ts';
import { readTools } from '../../../electron/analyst/tools/all.ts';
import { kubernetes } from '../../../electron/connectors/kubernetes/kubernetes.ts';
import { loki } from '../../../electron/connectors/loki/loki.ts';
import { prometheus } from '../../../electron/connectors/prometheus/prometheus.ts';
import type { Connector } from '../../../electron/connectors/source.ts';
import { unleash } from '../../../electron/connectors/unleash/unleash.ts';
import { readContext } from '../../../electron/host/read-context.ts';
import { runbookShelf } from '../../../electron/host/runbook-shelf.ts';
import { openLedger } from '../../../electron/ledger/log.ts';
import { type SteppedClock, steppedClock } from '../../../electron/platform/clock.ts';
import { randomIds } from '../../../electron/platform/ids.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { openSandbox, type Sandbox } from '../../../electron/sandbox/sandbox.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore } from '../../../electron/store/open-store.ts';
import { parted } from '../../../electron/timeline/payload.ts';
import type { Candidates } from '../../../shared/vocabulary/candidate.ts';
import { type ChangeEvent, Event } from '../../../shared/vocabulary/event.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';
import type { Topology } from '../../../shared/vocabulary/topology.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { noMemory } from '../../fixtures/fake-host/memory-fixture.ts';
import { shippedScenario } from '../../fixtures/shipped-scenarios.ts';

const incident = IncidentId.parse('inc-1');
const calm = () => new AbortController().signal;
const hourMs = 3_600_000;

let sandbox: Sandbox;
let time: SteppedClock;
let events: Event[];
let topology: Topology;
let series: MetricSeries[];
let culprit: string;
let namespace: string;
let onsetMs: number;
const dataDir = newDataDir();

type Scope = { namespaces?: (name: string) => boolean; metrics?: string[]; logs?: string[] };

function connectorsWithin({ namespaces = () => true, metrics = [], logs = [] }: Scope): Connector[] {
  const { kubernetes: cluster, prometheus: measured, loki: logged, unleash: flags } = sandbox;
  const { clock } = time;
  return [
    kubernetes({
      id: 'cluster',
      name: 'Cluster',
      access: { server: cluster.url, token: cluster.readerToken, caData: cluster.caData },
      clock,
      mayRead: namespaces,
    }),
    prometheus({
      id: 'metrics',
      name: 'Metrics',
      url: measured.url,
      authorization: `Bearer ${measured.token}`,
      metricScope: () => metrics,
    }),
    loki({
      id: 'logs',
      name: 'Logs',
      url: logged.url,
      authorization: `Bearer ${logged.token}`,
      clock,
      logScope: () => logs,
      mayRead: namespaces,
    }),
    unleash({ id: 'flags', name: 'Flags', url: flags.url, authorization: flags.token, clock }),
  ];
}

/** A gateway to the sandbox as the analyst has it, with the readers of real connections. */
function gatewayWithin(scope: Scope = {}) {
  const { db } = openStore(join(newDataDir(), 'drills.db'), migrations);
  const { clock } = time;
  const ledger = openLedger({ db, realm: 'drill', clock, ids: randomIds });
  const kept = new Map<string, string>();
  const connectors = connectorsWithin(scope);
  const runbooks = runbookShelf(join(dataDir, 'runbooks'));
  const never = () => {
    throw new Error('only reads are asked for');
  };
  const gateway = toolGateway({
    incident,
    model: 'curious/1',
    ledger,
    clock,
    ids: randomIds,
    actions: [],
    reading: readContext({
      incident: { id: incident, fromMs: time.clock.now() - hourMs, closedMs: null },
      timeline: { ofIncident: () => events },
      candidateRows: { find: () => ({ candidates: candidates(), topology, judgements: {} }) },
      ranking: { seriesOf: (_incident, service) => series.filter((one) => one.service === service) },
      sources: { connectors: () => connectors },
      clock,
      runbooks,
      memory: { about: () => noMemory, search: () => [] },
    }),
    keepRead: (id, text) => void kept.set(id, text),
    readText: (id) => kept.get(id),
    keepHypotheses: never,
    secretsIn: async () => [],
    propose: never,
    openEscalation: never,
  });
  const call = async (name: string, input: object) => {
    const { result, step } = await gateway.handle({ id: 'c', name, input }, calm());
    const answer = z.record(z.string(), z.json()).parse(JSON.parse(result.text));
    return { answer, step, failed: result.failed, text: result.text };
  };
  return { call, ledger, kept };
}

const changes = () => events.filter((event): event is ChangeEvent => event.kind === 'change');

const candidates = (): Candidates => ({
  atMs: time.clock.now(),
  onsetMs,
  changes: changes().map(({ key, change, service, title, atMs }) => ({
    id: key,
    kind: change,
    service: service ?? '',
    title,
    atMs,
    score: 0.5,
    factors: [],
    reasons: [],
  })),
  services: [],
  anomalies: [],
  novelty: 0.1,
  worthReading: 1,
});

beforeAll(async () => {
  time = steppedClock((error) => {
    throw error;
  }, Date.parse('2026-03-01T12:00:00Z'));
  const scenario = shippedScenario('bad-deploy');
  sandbox = await openSandbox({ scenario, seed: 7, clock: time.clock, logger: silentLogger });
  const window = { fromMs: time.clock.now() - hourMs, toMs: time.clock.now() };
  const [cluster, metrics, , flags] = connectorsWithin({});
  const told = await Promise.all([cluster, flags].map((one) => one?.changes?.backfill(window, calm())));
  events = told
    .flatMap((some) => some ?? [])
    .map((one) => Event.parse({ ...parted(one).observation, incident }));
  series = (await metrics?.metrics?.serviceMetrics({ ...window, stepMs: 15_000 }, calm())) ?? [];
  topology = (await metrics?.metrics?.topology(window, calm())) ?? { services: [], calls: [] };
  culprit = sandbox.answer.services[0] ?? '';
  const deploy = changes().findLast(({ change, service }) => change === 'deploy' && service === culprit);
  namespace = deploy?.labels?.['namespace'] ?? '';
  onsetMs = deploy?.atMs ?? 0;

  mkdirSync(join(dataDir, 'runbooks', 'payments'), { recursive: true });
  writeFileSync(
    join(dataDir, 'runbooks', 'payments', 'refunds.md'),
    '# Refunds\n\n## Queue is stuck\nDrain it by hand.\n',
  );
  writeFileSync(join(dataDir, 'outside.md'), '# Outside\n\nThe queue of nobody.\n');
  symlinkSync(join(dataDir, 'outside.md'), join(dataDir, 'runbooks', 'linked.md'));
});
afterAll(() => sandbox.close());

it('answers each tool from the systems themselves, on record and kept as it was given', async () => {
  const { call, ledger, kept } = gatewayWithin();
  const deploy = changes().findLast(({ change, service }) => change === 'deploy' && service === culprit);
  const flag = changes().find(({ labels }) => labels?.['flag'] !== undefined)?.labels?.['flag'];
  const configured = changes().find(({ labels }) => labels?.['object']?.startsWith('ConfigMap/'));
  const config = configured?.labels?.['object']?.split('/')[1] ?? `${culprit}-config`;
  const rollout = await call('read_rollout', { service: culprit });
  const revision = z.number().parse(rollout.answer['revision']);
  const query = `sum by (pod) (rate(container_cpu_usage_seconds_total[5m]))`;

  const asked: Record<string, object> = {
    list_candidates: { limit: 5 },
    explain_candidate: { candidate: deploy?.key },
    search_timeline: { kind: 'change', from: new Date(onsetMs - hourMs).toISOString(), limit: 20 },
    read_topology: { service: culprit, depth: 2 },
    search_runbooks: { text: 'the queue is stuck' },
    past_incidents: { limit: 3 },
    read_metric: { service: culprit },
    query_metrics: { query },
    compare_metric: { query, against: 'yesterday' },
    list_alerts: {},
    read_rollout: { service: culprit },
    compare_revisions: { service: culprit, from: revision - 1, to: revision },
    describe_object: { kind: 'Deployment', namespace, name: culprit },
    list_object_events: { service: culprit },
    read_pod_logs: { service: culprit },
    read_service_logs: { service: culprit },
    read_change: { change: deploy?.key },
    read_flag: { flag },
    compare_config: {
      namespace: configured?.labels?.['namespace'] ?? namespace,
      name: config,
      from: new Date(onsetMs - hourMs / 2).toISOString(),
    },
  };
  const answers = new Map<string, Awaited<ReturnType<typeof call>>>();
  const all = Object.entries(asked).map(async ([name, input]) => answers.set(name, await call(name, input)));
  await Promise.all(all);

  for (const [name, { failed, text, answer }] of answers) {
    expect(failed, `${name}: ${text.slice(0, 300)}`).toBe(false);
    expect(kept.get(String(answer['read'])), name).toBe(text);
  }
  expect(ledger.entries({ kind: 'read' })).toHaveLength(answers.size + 1);

  const of = (name: string) => answers.get(name)?.answer ?? {};
  const rowsOf = (name: string, rows: string) => z.array(z.looseObject({})).parse(of(name)[rows]);
  expect(rowsOf('compare_revisions', 'diff').map(({ path }) => path)).toContain(
    `containers.${culprit}.image`,
  );
  expect(rowsOf('describe_object', 'fields').map(({ path }) => path)).toContain('status.readyReplicas');
  expect(rowsOf('query_metrics', 'series').length).toBeGreaterThan(5);
  expect(rowsOf('list_alerts', 'alerts').length).toBeGreaterThan(0);
  expect(rowsOf('read_topology', 'neighbours').length).toBeGreaterThan(0);
  expect(rowsOf('read_pod_logs', 'lines').length).toBeGreaterThan(0);
  expect(rowsOf('search_runbooks', 'passages')).toEqual([
    { file: 'payments/refunds.md', heading: 'Queue is stuck', text: 'Drain it by hand.' },
  ]);
  // The error of the bad version is of a kind that was not written before it came.
  const templates = rowsOf('read_service_logs', 'templates');
  expect(templates.some(({ beforeOnset }) => Number(beforeOnset) > 0)).toBe(true);
  const fresh = templates.filter(({ beforeOnset }) => beforeOnset === 0);
  expect(fresh.some(({ sample }) => /error/i.test(String(sample)))).toBe(true);

  const unasked = readTools.map(({ name }) => name).filter((name) => !answers.has(name));
  expect(unasked).toEqual(['read_cloud_metric', 'list_cloud_alarms']);
});

it('says what is not connected and how to mend it', async () => {
  const { call } = gatewayWithin();
  const { failed, text } = await call('list_cloud_alarms', {});
  expect(failed).toBe(true);
  expect(text).toContain('Nothing is connected that tells of CloudWatch: connect it in Settings');
});

it('reads nothing outside of the namespaces, metrics and logs that the envelope lets be read', async () => {
  const { call, ledger } = gatewayWithin({
    namespaces: () => false,
    metrics: ['pod="nobody"'],
    logs: ['namespace="nowhere"'],
  });
  const object = await call('describe_object', {
    kind: 'Deployment',
    namespace: 'kube-system',
    name: 'coredns',
  });
  expect(object).toMatchObject({ failed: true, text: expect.stringContaining('reads.namespaces') });
  const events = await call('list_object_events', { namespace: 'kube-system' });
  expect(events).toMatchObject({ failed: true, text: expect.stringContaining('reads.namespaces') });
  const logs = await call('read_service_logs', { service: culprit });
  expect(logs).toMatchObject({ failed: true, text: expect.stringContaining('reads.logs') });
  const metrics = await call('query_metrics', { query: 'up or container_cpu_usage_seconds_total' });
  expect(metrics.answer['series']).toEqual([]);
  const joined = await call('query_metrics', { query: 'info(up)' });
  expect(joined).toMatchObject({ failed: true, text: expect.stringContaining('reads.metrics') });
  expect(ledger.entries({ kind: 'read' })).toMatchObject([
    { body: { tool: 'describe_object', refused: expect.stringContaining('kube-system') } },
    { body: { tool: 'list_object_events', refused: expect.any(String) } },
    { body: { tool: 'read_service_logs', failed: expect.any(String) } },
    { body: { tool: 'query_metrics', read: expect.any(String) } },
    { body: { tool: 'query_metrics', refused: expect.any(String) } },
  ]);
});

it('leaves streams of other namespaces out of a log, and says how many', async () => {
  const { call } = gatewayWithin({ namespaces: (name) => name !== namespace && name !== '' });
  const { answer } = await call('read_service_logs', { service: culprit });
  expect(answer).toMatchObject({ total: 0, counts: [], lines: [] });
  expect(z.number().parse(answer['outside'])).toBeGreaterThan(0);
});

it('shows no Secret and no value of a variable', async () => {
  const { call } = gatewayWithin();
  expect((await call('describe_object', { kind: 'Secret', namespace, name: 'x' })).failed).toBe(true);
  const { answer } = await call('describe_object', { kind: 'Deployment', namespace, name: culprit });
  const fields = z.array(z.object({ path: z.string(), value: z.string() })).parse(answer['fields']);
  const variables = fields.filter(({ path }) => /\.env\..*\.value$/.test(path));
  expect(variables.length).toBeGreaterThan(0);
  for (const { value } of variables) expect(value).toBe('(hidden)');
});
