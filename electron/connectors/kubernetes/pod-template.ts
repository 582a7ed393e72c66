import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { FieldDiff } from '../../../shared/vocabulary/event.ts';
import { withoutSecrets } from '../../platform/hide-secrets.ts';
import { givesSecret, HIDDEN, namesSecret } from '../../platform/secret-names.ts';
import { bounded } from '../bounded.ts';
import type { PodTemplate } from './resources.ts';

/** Facts of a pod template. The label `pod-template-hash` is the ReplicaSet's own mark and never counts. */
export function ownTemplate(template: PodTemplate): PodTemplate {
  const { 'pod-template-hash': _mark, ...labels } = template.metadata.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** Lower-case hex SHA-256 of the canonical JSON (RFC 8785): changes with the template and with nothing else. */
export function templateDigest(template: PodTemplate): string {
  const { metadata, spec } = ownTemplate(template);
  // An API server may write an empty map as absent or as null; that is no difference.
  const named = { labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} };
  return createHash('sha256')
    .update(canonicalize({ ...named, spec }) ?? '')
    .digest('hex');
}

export const imagesOf = (template: PodTemplate): string[] =>
  template.spec.containers.map(({ image }) => image);

/** What people and meshes call the version: a label where there is one, else the tag of the first image. */
export function versionOf(template: PodTemplate): string | null {
  const labels = template.metadata.labels ?? {};
  const labelled = labels['version'] || labels['app.kubernetes.io/version'];
  if (labelled) return labelled;
  const [image = ''] = imagesOf(template);
  return image.split('@')[0]?.split('/').at(-1)?.split(':')[1] || null;
}

/** Field by field, containers and variables by name; what people look for first stands first. */
export function templateDiff(before: PodTemplate, after: PodTemplate): FieldDiff[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const diffs: FieldDiff[] = [];
  for (const path of [...new Set([...old.keys(), ...now.keys()])].sort(byInterest)) {
    const [was, is] = [old.get(path) ?? null, now.get(path) ?? null];
    if (was === is) continue;
    diffs.push({ path, before: shown(old, path), after: shown(now, path) });
  }
  return diffs.slice(0, 100);
}

function fieldsOf(template: PodTemplate): Map<string, string> {
  const { metadata, spec } = ownTemplate(template);
  const fields = new Map<string, string>();
  flatten({ labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {}, ...spec }, [], fields);
  return fields;
}

function flatten(value: unknown, path: readonly string[], into: Map<string, string>): void {
  if (value === null || value === undefined) return;
  if (typeof value !== 'object') {
    // A variable's value is what `env.NAME` means.
    into.set(
      (path.at(-3) === 'env' && path.at(-1) === 'value' ? path.slice(0, -1) : path).join('.'),
      String(value),
    );
    return;
  }
  const entries = Array.isArray(value)
    ? value.map((item, index): [string, unknown] => [nameOf(item) ?? String(index), item])
    : Object.entries(value).filter(([key]) => key !== 'name' || path.length === 0);
  for (const [key, item] of entries) flatten(item, [...path, key], into);
}

const nameOf = (item: unknown): string | null =>
  typeof item === 'object' && item !== null && 'name' in item && typeof item.name === 'string'
    ? item.name
    : null;

const interest = [/\.image$/, /\.env\./, /\.resources\./, /Probe\./, /^containers\./];
const rank = (path: string) => {
  const index = interest.findIndex((pattern) => pattern.test(path));
  return index < 0 ? interest.length : index;
};
const byInterest = (a: string, b: string) => rank(a) - rank(b) || (a < b ? -1 : 1);

/**
 * A password in a plain variable, a header of a probe, an annotation or an argument must not travel to the timeline, the model
 * or the ledger.
 */
function shown(fields: ReadonlyMap<string, string>, path: string): string | null {
  const text = fields.get(path);
  if (text === undefined) return null;
  const name = /(?:\.env|^annotations)\.(.+)$/.exec(path)?.[1];
  if (name !== undefined && namesSecret(name)) return HIDDEN;
  if (/\.httpHeaders\.[^.]+\.value$/.test(path)) return HIDDEN;
  const [, list = '', at = ''] = /^(.*\.(?:args|command)\.)(\d+)$/.exec(path) ?? [];
  const before = list === '' ? undefined : fields.get(`${list}${Number(at) - 1}`);
  if (givesSecret(before)) return HIDDEN;
  return bounded(withoutSecrets(text, { isFile: true }), 300);
}
