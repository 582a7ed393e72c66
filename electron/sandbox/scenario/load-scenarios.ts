import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { Failure, messageOf } from '../../platform/failure.ts';
import { type Scenario, ScenarioFile, Topology } from './scenario.ts';

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
    const topology = readYaml(path, Topology, ` (the topology of ${mentionedIn})`).value;
    topologies.set(name, topology);
    return topology;
  }

  return filesIn(dir).map((file) => {
    const path = join(dir, file);
    const { value, lineOf } = readYaml(path, ScenarioFile);
    if (`${value.name}.yaml` !== file)
      fail(path, lineOf(['name']), 'name', `must be ${file.slice(0, -5)}, as the file`);
    const topology = topologyOf(value.topology, path);
    for (const [index, name] of value.fault.service.oneOf.entries()) {
      if (topology.services.some((service) => service.name === name)) continue;
      const field = ['fault', 'service', 'oneOf', index];
      fail(path, lineOf(field), field.join('.'), `topology ${topology.name} has no service ${name}`);
    }
    return { ...value, topology };
  });
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
