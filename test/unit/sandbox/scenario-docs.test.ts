import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { openDrill } from '../../../electron/sandbox/open-drill.ts';
import { Fault } from '../../../electron/sandbox/scenario/fault.ts';
import { loadScenarios } from '../../../electron/sandbox/scenario/load-scenarios.ts';
import { Role, ScenarioFile } from '../../../electron/sandbox/scenario/scenario.ts';
import { Call, ServiceSpec, Topology } from '../../../electron/sandbox/scenario/topology.ts';

const text = readFileSync(fileURLToPath(new URL('../../../docs/scenarios.md', import.meta.url)), 'utf8');

/** What stands in code type, whole or as a word of it: `perRequest`, or `changes` in `{ changes: [..] }`. */
const words = new Set([...text.matchAll(/`[^`\n]+`/g)].flatMap(([code]) => code.match(/[\w-]+/g) ?? []));

/** The blocks of YAML that are marked so. */
const blocks = [...text.matchAll(/^```yaml (\S+)\n([\s\S]*?)^```$/gm)].map(([, mark = '', body = '']) => ({
  mark,
  body,
}));

/** Every field and every word to choose from in a schema, however deep. */
function told(schema: unknown): { fields: Set<string>; choices: Set<string> } {
  const fields = new Set<string>();
  const choices = new Set<string>();
  function visit(node: unknown): void {
    if (Array.isArray(node)) node.forEach(visit);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties' && typeof value === 'object' && value !== null)
        for (const name of Object.keys(value)) fields.add(name);
      if (key === 'enum' && Array.isArray(value)) for (const choice of value) choices.add(String(choice));
      if (key === 'const') choices.add(String(value));
      visit(value);
    }
  }
  visit(schema);
  return { fields, choices };
}

it.each([
  ['a scenario', ScenarioFile, 40],
  ['a topology', Topology, 30],
] as const)('explains every field and every choice of %s', (_what, schema, atLeast) => {
  const { fields, choices } = told(z.toJSONSchema(schema, { io: 'input' }));
  expect(fields.size).toBeGreaterThanOrEqual(atLeast);
  expect([...fields, ...choices].filter((name) => !words.has(name))).toEqual([]);
});

it('explains no field that is not there', () => {
  const known = [ScenarioFile, Topology].map((schema) => told(z.toJSONSchema(schema, { io: 'input' })));
  const all = new Set(known.flatMap(({ fields, choices }) => [...fields, ...choices]));
  const explained = text.split('\n').flatMap((line) => {
    const [, cell = ''] = line.startsWith('| `') ? line.split('|') : [];
    return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  });
  expect(explained.length).toBeGreaterThanOrEqual(50);
  expect(explained.filter((name) => !all.has(name))).toEqual([]);
});

it('tells every default as it is', () => {
  const rows = new Map<string, string[]>();
  for (const line of text.split('\n').filter((line) => line.startsWith('| `'))) {
    const cells = line.split('|').map((cell) => cell.trim());
    for (const [, name = ''] of (cells[1] ?? '').matchAll(/`(\w+)`/g))
      rows.set(name, [...(rows.get(name) ?? []), (cells.at(-2) ?? '').replaceAll('`', '')]);
  }
  const defaults = (schema: { shape: Record<string, z.ZodType> }) =>
    Object.entries(schema.shape).flatMap(([name, field]) => {
      const told = field.safeParse(undefined);
      if (!told.success || told.data === undefined || name === 'load' || name === 'measured') return [];
      return [[name, typeof told.data === 'string' ? told.data : JSON.stringify(told.data)] as const];
    });
  const all = [ScenarioFile, Topology, ServiceSpec, Call].flatMap(defaults);
  expect(all.length).toBeGreaterThanOrEqual(16);
  for (const [name, value] of all)
    expect(
      (rows.get(name) ?? []).map((cell) => cell.replaceAll(', ', ',')),
      name,
    ).toContain(value);
});

it('shows each kind of fault in an example that is one', () => {
  const shown = blocks.filter(({ mark }) => mark === 'fault').flatMap(({ body }) => parse(body) as unknown[]);
  const faults = shown.map((one) => Fault.parse(one));
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(
    new Set(Fault.options.map(({ shape }) => shape.kind.value)),
  );
});

it('names every role', () => {
  for (const role of Role.options) expect(text).toMatch(new RegExp(`\`${role}\``));
});

it('shows a scenario and a topology that can be played, and what is said when there is a slip in them', () => {
  const dir = mkdtempSync(join(tmpdir(), 'documented-'));
  try {
    for (const { mark, body } of blocks.filter(({ mark }) => mark.endsWith('.yaml'))) {
      mkdirSync(dirname(join(dir, mark)), { recursive: true });
      writeFileSync(join(dir, mark), body);
    }
    const scenarios = loadScenarios(dir);
    expect(scenarios.map(({ name }) => name)).toEqual(['my-scenario']);
    for (const scenario of scenarios)
      for (const seed of [1, 2, 3])
        expect(openDrill(scenario, seed, Date.parse('2026-03-02T14:07:33Z')).answer()).toMatchObject({
          services: ['till'],
          changes: [expect.stringMatching(/^deploy:kiosk\/till@\d+$/)],
          helps: [{ action: 'roll-back-deployment', target: 'till' }],
        });

    const path = join(dir, 'my-scenario.yaml');
    const whole = readFileSync(path, 'utf8');
    const slips: [string | RegExp, string][] = [
      ['[0.15, 0.2]', '[0.2, 0.15]'],
      ['changes:', 'mood: good\nchanges:'],
      ['oneOf: [till]', 'oneOf: [tilt]'],
    ];
    for (const [from, to] of slips) {
      writeFileSync(path, whole.replace(from, to));
      const said = messageOf(() => loadScenarios(dir)).replace(dir, 'resources/scenarios');
      expect(text).toContain(`\n${said}\n`);
    }
    writeFileSync(path, whole);
    const topology = join(dir, 'topologies', 'kiosk.yaml');
    const circle = readFileSync(topology, 'utf8').replace(
      'memoryMb: 200 }',
      'memoryMb: 200, calls: [{ to: counter, perRequest: 1, criticality: 1 }] }',
    );
    writeFileSync(topology, circle);
    expect(text).toContain(`\n${messageOf(() => loadScenarios(dir)).replace(dir, 'resources/scenarios')}\n`);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error('nothing was said');
}
