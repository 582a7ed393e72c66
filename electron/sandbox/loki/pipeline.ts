import type { Labels } from '../prometheus/labels.ts';
import type { Stage } from './syntax.ts';

/** The labels of a line after all stages, or null when a stage drops it. */
export function throughStages(stages: readonly Stage[], streamLabels: Labels, line: string): Labels | null {
  let labels: Labels = streamLabels;
  for (const stage of stages) {
    switch (stage.kind) {
      case 'line':
        if (!stage.test(line)) return null;
        break;
      case 'json':
        labels = withExtracted(labels, streamLabels, jsonFields(line));
        break;
      case 'logfmt':
        labels = withExtracted(labels, streamLabels, logfmtFields(line));
        break;
      case 'labels': {
        const kept = passing(stage.anyOf, labels);
        if (kept === null) return null;
        labels = kept;
        break;
      }
    }
  }
  return labels;
}

/** What a parser finds under the name of a label of the stream becomes `<name>_extracted`. */
function withExtracted(labels: Labels, streamLabels: Labels, fields: Record<string, string> | null): Labels {
  if (fields === null) return { ...labels, __error__: 'JSONParserErr' };
  const extracted = Object.entries(fields).map(([name, value]): [string, string] => [
    Object.hasOwn(streamLabels, name) ? `${name}_extracted` : name,
    value,
  ]);
  return { ...labels, ...Object.fromEntries(extracted) };
}

function jsonFields(line: string): Record<string, string> | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  const fields: Record<string, string> = {};
  flatten(parsed, '', fields);
  return fields;
}

/** Objects within objects become `outer_inner`; lists and null are left out. */
function flatten(value: object, prefix: string, fields: Record<string, string>): void {
  for (const [key, inner] of Object.entries(value)) {
    const name = `${prefix}${sanitized(key)}`;
    if (typeof inner === 'object' && inner !== null) {
      if (!Array.isArray(inner)) flatten(inner, `${name}_`, fields);
    } else if (inner !== null && inner !== undefined) fields[name] = String(inner);
  }
}

function logfmtFields(line: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, key = '', , quoted, bare] of line.matchAll(
    /([^\s="]+)(=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*)))/g,
  )) {
    fields[sanitized(key)] = quoted === undefined ? (bare ?? '') : unescaped(quoted);
  }
  return fields;
}

const unescaped = (text: string) =>
  text.replaceAll(/\\(.)/gs, (_all, escaped: string) => ({ n: '\n', t: '\t' })[escaped] ?? escaped);

const sanitized = (key: string) => key.replaceAll(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d)/, '_');

/** A value that is no number fails no comparison with numbers: the line stays, marked. */
function passing(anyOf: Extract<Stage, { kind: 'labels' }>['anyOf'], labels: Labels): Labels | null {
  let marked = false;
  for (const conditions of anyOf) {
    const results = conditions.map(({ name, test }) => test(labels[name]));
    if (results.includes(false)) continue;
    if (!results.includes('error')) return labels;
    marked = true;
  }
  return marked ? { ...labels, __error__: 'LabelFilterErr' } : null;
}
