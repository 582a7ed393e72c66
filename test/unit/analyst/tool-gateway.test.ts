import { createHash } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { actions } from '../../../electron/actions/all.ts';
import { structural } from '../../../electron/analyst/outgoing/masking/structural.ts';
import { type GatewayPorts, toolGateway } from '../../../electron/analyst/tool-gateway.ts';
import { readTools } from '../../../electron/analyst/tools/all.ts';
import { alertmanager } from '../../../electron/connectors/alertmanager/alertmanager.ts';
import { kubernetes } from '../../../electron/connectors/kubernetes/kubernetes.ts';
import { loki } from '../../../electron/connectors/loki/loki.ts';
import { prometheus } from '../../../electron/connectors/prometheus/prometheus.ts';
import { unleash } from '../../../electron/connectors/unleash/unleash.ts';
import { readableSystems } from '../../../electron/host/read-context.ts';
import { openLedger } from '../../../electron/ledger/log.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { randomIds } from '../../../electron/platform/ids.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore } from '../../../electron/store/open-store.ts';
import { Event } from '../../../shared/vocabulary/event.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { readContextOf } from '../../fixtures/read-context-of.ts';

const incident = IncidentId.parse('inc-1');
const calm = () => new AbortController().signal;

function gatewayWith(given: Partial<GatewayPorts> = {}) {
  const { db } = openStore(join(newDataDir(), 'countersign.db'), migrations);
  const { clock } = steppedClock(() => {}, 1_000);
  const ledger = openLedger({ db, realm: 'real', clock, ids: randomIds });
  const kept = new Map<string, string>();
  const never = () => {
    throw new Error('this was not asked for');
  };
  const gateway = toolGateway({
    incident,
    model: 'restless/1',
    ledger,
    clock,
    ids: randomIds,
    actions: [],
    reading: readContextOf(),
    keepRead: (id, text) => void kept.set(id, text),
    readText: (id) => kept.get(id),
    keepHypotheses: never,
    secretsIn: async (text) => structural(text),
    propose: never,
    openEscalation: never,
    ...given,
  });
  const call = (name: string, input: unknown, signal = calm()) =>
    gateway.handle({ id: `c-${name}`, name, input }, signal);
  return { gateway, call, ledger, kept };
}

const event = (at: number) =>
  Event.parse({
    incident,
    kind: 'signal',
    sort: 'log',
    severity: 'warning',
    key: `k-${at}`,
    atMs: at,
    service: 'checkout',
    title: `line ${at} ${'x'.repeat(400)}`,
    source: 'Logs',
  });

describe('the tools that there are', () => {
  it('are the read tools, one that states, one that escalates, and one to propose each offered action', () => {
    const { gateway } = gatewayWith({ actions: actions.slice(0, 2) });
    expect(gateway.specs.map(({ name }) => name)).toEqual([
      ...readTools.map(({ name }) => name),
      'state_hypotheses',
      ...actions.slice(0, 2).map(({ name }) => `propose_${name.replaceAll('-', '_')}`),
      'escalate',
    ]);
  });

  it('hold none that approves, executes, edits or takes a command', () => {
    const { gateway } = gatewayWith({ actions });
    const names = gateway.specs.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) {
      if (name.startsWith('propose_')) continue;
      expect(name.split('_')).not.toContain('run');
      expect(name).not.toMatch(
        /approve|execut|apply|exec|shell|command|edit|write|set_|patch|delete|envelope|sign/,
      );
    }
    const schemas = JSON.stringify(gateway.specs.map(({ inputSchema }) => inputSchema));
    expect(schemas).not.toMatch(/"(command|script|shell|exec|kubectl|approve|decision|countersign)"/);
  });

  it('take one object each, as the Messages API wants it, with a closed set of members', () => {
    for (const { name, inputSchema } of gatewayWith({ actions }).gateway.specs) {
      expect(inputSchema, name).toMatchObject({ type: 'object', additionalProperties: false });
    }
  });

  it('cannot be added to, replaced or changed while running', () => {
    const [tool] = readTools;
    expect(() => (readTools as unknown[]).push({ name: 'write' })).toThrow(TypeError);
    expect(() => Object.assign(tool ?? {}, { run: () => {} })).toThrow(TypeError);
  });

  it('say where each answer is from, and name fields of the answer as written by outsiders', () => {
    for (const { name, source, outsider, output } of readTools) {
      expect(source, name).not.toBe('');
      for (const path of outsider)
        expect(hasPath(Schema.parse(output.toJSONSchema()), path.split('.')), `${name} ${path}`).toBe(true);
    }
  });
});

type Schema = { properties: Record<string, Schema>; items: Schema | null; anyOf: Schema[] };
const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    properties: z.record(z.string(), Schema).default({}),
    items: Schema.or(z.boolean().transform(() => null))
      .nullable()
      .default(null),
    anyOf: z.array(Schema).default([]),
  }),
);
function hasPath(schema: Schema, [head, ...rest]: readonly string[]): boolean {
  if (head === undefined) return true;
  const next = head === '*' ? schema.items : schema.properties[head];
  return (
    (next !== undefined && next !== null && hasPath(next, rest)) ||
    schema.anyOf.some((one) => hasPath(one, [head, ...rest]))
  );
}

describe('a call', () => {
  it.each([
    'approve',
    'execute',
    '__proto__',
    'constructor',
    'toString',
    '',
    'READ_METRIC',
    'propose_restart_workload',
  ])('of %j, which is no tool, reaches nothing and is on record', async (name) => {
    const { call, ledger } = gatewayWith();
    const { result, step } = await call(name, {});
    expect(result).toMatchObject({ failed: true, source: 'an error', outsider: ['failed'] });
    expect(step).toMatchObject({ kind: 'read', failed: true });
    expect(ledger.entries({ kind: 'read' })).toMatchObject([{ body: { tool: name, asked: '{}' } }]);
  });

  it.each(readTools.map(({ name }) => [name]))(
    'of %s with a member that nobody asked for is refused',
    async (name) => {
      const { call } = gatewayWith();
      for (const input of [
        { surprise: 1 },
        JSON.parse('{"__proto__": {"service": "x"}}'),
        [],
        null,
        'ls',
        7,
      ]) {
        expect((await call(name, input)).result.failed).toBe(true);
      }
    },
  );

  it('never throws, whatever it is called with', async () => {
    const { call } = gatewayWith({ actions });
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom(...readTools.map((tool) => tool.name), 'escalate', 'state_hypotheses'),
    );
    await fc.assert(
      fc.asyncProperty(name, fc.jsonValue(), async (tool, input) => {
        const { result } = await call(tool, input);
        expect(() => JSON.parse(result.text)).not.toThrow();
      }),
      { numRuns: 60 },
    );
  });

  it('is on record with the digest of what the model was given, and that is what is kept', async () => {
    const { call, ledger, kept } = gatewayWith({ reading: readContextOf({ events: () => [event(1)] }) });
    const { result, step } = await call('search_timeline', { limit: 5 });
    const { read } = JSON.parse(result.text) as { read: string };
    expect(kept.get(read)).toBe(result.text);
    const digest = createHash('sha256').update(result.text).digest('hex');
    expect(step).toMatchObject({ kind: 'read', read, digest });
    expect(ledger.entries({ kind: 'read' })).toMatchObject([
      { body: { read, tool: 'search_timeline', arguments: { limit: 5 }, digest } },
    ]);
    expect(result).toMatchObject({ source: 'the timeline', outsider: ['events.*.title', 'events.*.diff'] });
  });

  it('is answered in JSON that was shortened by rows, however much there is', async () => {
    const events = Array.from({ length: 500 }, (_, at) => event(at));
    const { call } = gatewayWith({ reading: readContextOf({ events: () => events }) });
    const { result } = await call('search_timeline', { limit: 60 });
    expect(result.text.length).toBeLessThan(41_000);
    expect(JSON.parse(result.text)).toMatchObject({ omitted: 440 });
  });

  it('that does not come back is left behind when the run is stopped', async () => {
    const hanging = { locate: () => new Promise<never>(() => {}) };
    const { call, ledger } = gatewayWith({ reading: readContextOf(hanging) });
    const stopping = new AbortController();
    const answer = call('read_rollout', { service: 'checkout' }, stopping.signal);
    stopping.abort();
    expect((await answer).result).toMatchObject({
      failed: true,
      text: expect.stringContaining('was stopped'),
    });
    expect(ledger.entries({ kind: 'read' })).toHaveLength(1);
  });
});

describe('what read tools are given', () => {
  const url = 'http://127.0.0.1:1';
  const about = { id: 'con-1', name: 'Production', url, authorization: null };
  const connectors = [
    kubernetes({ id: 'con-2', name: 'Cluster', access: { server: url, token: 'secret-token' } }),
    unleash(about),
    prometheus(about),
    loki(about),
    alertmanager(about),
  ];

  it('holds no control of any connection, at any depth, and no credential', () => {
    const writes = new Set(
      connectors.flatMap(({ control, flagControl }) => Object.keys({ ...control, ...flagControl })),
    );
    expect(writes.size).toBeGreaterThan(10);
    const systems = readableSystems(() => connectors);
    const seen = new Set<unknown>();
    const visit = (value: unknown): void => {
      expect(value).not.toBe('secret-token');
      if (typeof value !== 'object' || value === null || seen.has(value)) return;
      seen.add(value);
      for (const [key, item] of Object.entries(value)) {
        expect(writes).not.toContain(key);
        visit(item);
      }
    };
    for (const list of Object.values(systems)) {
      expect(list === systems.clouds || list().length > 0).toBe(true);
      visit(list());
    }
  });
});

describe('a secret of somebody else that was read', () => {
  const SECRET = 'hunter2-hunter2';
  const line = `worker started with DB_PASSWORD=${SECRET} at 10:00`;

  async function stated() {
    const keepHypotheses = vi.fn<GatewayPorts['keepHypotheses']>();
    const openEscalation = vi.fn<GatewayPorts['openEscalation']>();
    const logged = { ...event(1), title: line };
    const reading = readContextOf({ events: () => [logged] });
    const bench = gatewayWith({ reading, keepHypotheses, openEscalation });
    const { read } = JSON.parse((await bench.call('search_timeline', { limit: 5 })).result.text);
    const piece = (sentence: string, ...quoted: string[]) => ({
      sentence,
      events: [],
      reads: [],
      quotes: quoted.map((text) => ({ read, text })),
    });
    const claim = {
      claim: `It began with ${line}`,
      cause: null,
      mechanism: `somebody used password: ${SECRET}`,
      confidence: 0.3,
      for: [piece(`The log says ${line}`, line), piece('It started', 'worker started with', line)],
      against: [],
      gaps: [`Whether token=${SECRET} still works`],
      disprovedBy: `curl https://app:${SECRET}@shop.example works`,
    };
    const conclusion = { kind: 'inconclusive', sentence: `api_key=${SECRET} was seen` };
    const { step } = await bench.call('state_hypotheses', { hypotheses: [claim], conclusion });
    const handedOver = { title: `Rotate ${line}`, because: line, recommended: `Rotate password=${SECRET}` };
    await bench.call('escalate', handedOver);
    return { ...bench, step, told: keepHypotheses.mock.calls, escalated: openEscalation.mock.calls };
  }

  it('is in nothing that is stated or handed over, nor in the record of it', async () => {
    const { told, escalated, ledger } = await stated();
    expect(told).toHaveLength(1);
    expect(escalated).toHaveLength(1);
    const written = JSON.stringify([told, escalated, ledger.entries({ limit: 50 })]);
    expect(written).not.toContain(SECRET);
    expect(written).toContain('DB_PASSWORD=(hidden) at 10:00');
  });

  it('takes the quote that holds it along, and the piece when no other is left', async () => {
    const { told, step } = await stated();
    expect(told[0]?.[0][0]?.for).toMatchObject([
      { sentence: 'It started', quotes: [{ text: 'worker started with' }] },
    ]);
    expect(step).toMatchObject({ kind: 'stated', dropped: 1 });
  });

  it.each(['<SECRET_1>', '<HELD_2>', 'postgres://app:hunter2@db/shop'])(
    'is no value that a system is proposed to be given: %s',
    async (to) => {
      const { call, ledger } = gatewayWith({ actions });
      const input = { cluster: 'c', namespace: 'shop', name: 'cart-config', key: 'db.url', to };
      const about = {
        rationale: 'it was so before',
        evidence: [],
        confidence: 0.5,
        confidenceRestsOn: 'nothing',
        expectedEffect: {
          sentence: 'error_rate below 0.01',
          service: 'cart',
          metric: 'error_rate',
          comparison: 'below',
          threshold: 0.01,
          unit: '',
          withinMs: 600_000,
          holdMs: 60_000,
        },
      };
      const { result } = await call('propose_revert_config', { input, about });
      expect(result).toMatchObject({ failed: true, text: expect.stringContaining('is a secret') });
      const recorded = ledger.entries({ kind: 'read' });
      expect(recorded).toMatchObject([{ body: { tool: 'propose_revert_config' } }]);
      expect(JSON.stringify(recorded)).not.toContain('hunter2');
    },
  );

  it('keeps a statement from being made when nobody could look through it', async () => {
    const { call, ledger } = gatewayWith({ secretsIn: () => Promise.reject(new Error('no answer in time')) });
    const { result } = await call('escalate', { title: 'a', because: 'b', recommended: 'c' });
    expect(result).toMatchObject({ failed: true, text: expect.stringContaining('no answer in time') });
    expect(ledger.entries({ kind: 'read' })).toMatchObject([{ body: { tool: 'escalate' } }]);
  });
});
