import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { Failure, messageOf } from '../../platform/failure.ts';
import { parseQuery } from '../prometheus/promql/syntax.ts';
import type { FaultKind } from './fault.ts';
import { type Scenario, ScenarioFile } from './scenario.ts';
import { type AlertRule, type ServiceSpec, Topology } from './topology.ts';

/**
 * Every scenario in the folder, by name. Throws a `Failure` that names file, line and field: a scenario is written by
 * hand, and whoever wrote it must find the slip.
 */
export function loadScenarios(dir: string): Scenario[] {
  const topologies = new Map<string, Topology>();
  function topologyOf(name: string, mentionedIn: string): Topology {
    const known = topologies.get(name);
    if (known) return known;
    const path = join(dir, 'topologies', `${name}.yaml`);
    const { value: topology, lineOf } = readYaml(path, Topology, ` (the topology of ${mentionedIn})`);
    if (topology.name !== name) fail(path, lineOf(['name']), 'name', `must be ${name}, as the file`);
    checkQueries(topology.alerts, path, lineOf);
    topologies.set(name, topology);
    return topology;
  }

  return filesIn(dir).map((file) => {
    const path = join(dir, file);
    const { value, lineOf } = readYaml(path, ScenarioFile);
    if (`${value.name}.yaml` !== file)
      fail(path, lineOf(['name']), 'name', `must be ${file.slice(0, -5)}, as the file`);
    checkQueries(value.alerts, path, lineOf);
    const topology = topologyOf(value.topology, path);
    for (const [at, fault] of value.faults.entries()) {
      for (const [index, name] of fault.service.oneOf.entries()) {
        const field = ['faults', at, 'service', 'oneOf', index];
        const unfit = unfitFor(
          fault.kind,
          topology.services.find((service) => service.name === name),
        );
        if (unfit === null) continue;
        fail(path, lineOf(field), field.join('.'), `${name}, in topology ${topology.name}, ${unfit}`);
      }
    }
    return { ...value, topology };
  });
}

/** A rule that cannot be asked would otherwise be found only when the drill begins. */
function checkQueries(rules: readonly AlertRule[], path: string, lineOf: (field: Path) => number): void {
  for (const [index, { expr }] of rules.entries()) {
    const field = ['alerts', index, 'expr'];
    try {
      parseQuery(expr);
    } catch (error) {
      fail(path, lineOf(field), field.join('.'), messageOf(error));
    }
  }
}

/** One scenario of the folder. @throws Failure `not_found`, which names those there are. */
export function loadScenario(dir: string, name: string): Scenario {
  const scenarios = loadScenarios(dir);
  const found = scenarios.find((one) => one.name === name);
  if (found) return found;
  const known = scenarios.map((one) => one.name).join(', ');
  throw new Failure('not_found', `There is no scenario ${JSON.stringify(name)}. Known: ${known}`);
}

/** Why a fault of this kind cannot befall this, or null when it can. */
function unfitFor(kind: FaultKind, service: ServiceSpec | undefined): string | null {
  if (!service) return 'is not there';
  if (kind === 'provider') return service.kind === 'provider' ? null : 'is no provider';
  if (kind === 'backup') return service.kind === 'database' ? null : 'is no database';
  if (service.kind !== 'service') return `is a ${service.kind}, to which a ${kind} cannot happen`;
  if (kind === 'traffic' && service.entryRps === undefined) return 'takes no requests from outside';
  if (kind === 'scale' && service.autoscaled) return 'is scaled by an autoscaler, which would undo it';
  return null;
}

function filesIn(dir: string): string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    throw new Failure('not_found', `The scenario folder ${dir} cannot be read: ${messageOf(error)}`, error);
  }
}

type Path = readonly PropertyKey[];

function readYaml<T>(
  path: string,
  schema: z.ZodType<T>,
  why = '',
): { value: T; lineOf: (field: Path) => number } {
  const lines = new LineCounter();
  const document = parseDocument(readText(path, why), { lineCounter: lines });
  const [broken] = document.errors;
  if (broken)
    throw new Failure('bad_input', `${path}:${broken.linePos?.[0].line ?? 1}: ${broken.message}`, broken);

  /** The line of the field, or of the nearest thing around it that is written down. */
  function lineOf(field: Path): number {
    for (let depth = field.length; depth > 0; depth--) {
      const node = document.getIn(field.slice(0, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  }

  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return { value: parsed.data, lineOf };
  const [issue] = parsed.error.issues;
  const field =
    issue?.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : (issue?.path ?? []);
  return fail(path, lineOf(field), field.join('.'), issue?.message ?? 'is not as the schema says');
}

function readText(path: string, why: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure('not_found', `${path}${why} cannot be read: ${messageOf(error)}`, error);
  }
}

function fail(path: string, line: number, field: string, message: string): never {
  throw new Failure('bad_input', `${path}:${line}: ${field || 'the file'}: ${message}`);
}
