import canonicalize from 'canonicalize';
import { hexOf } from '../random.ts';
import type { PodTemplate } from './objects.ts';

/** The alphabet of apimachinery's rand.SafeEncodeString: no vowels, so that no hash spells a word. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

const encode = (hex: string) =>
  [...hex]
    .map((digit, index) => alphabet[(Number.parseInt(digit, 16) + index * 7) % alphabet.length])
    .join('');

export const suffixOf = (text: string, length: number): string => encode(hexOf(text, length));

/** What is in the store is replaced and never changed, so one template is hashed once. */
const hashes = new WeakMap<PodTemplate, string>();

/** Equal templates, equal hash: undoing a rollout finds the old ReplicaSet again, as the real controller does. */
export function templateHash(template: PodTemplate): string {
  const known = hashes.get(template);
  if (known !== undefined) return known;
  const { 'pod-template-hash': _own, ...labels } = template.metadata.labels ?? {};
  const text = canonicalize({ ...template, metadata: { ...template.metadata, labels } });
  const hash = suffixOf(text ?? '', 10);
  hashes.set(template, hash);
  return hash;
}
