import { createHash } from 'node:crypto';
import { byBytes, type Labels } from '../alert-labels.ts';
import type { AnchoredPattern } from './anchored-pattern.ts';
import { expanded } from './expand-template.ts';

export const relabelActions = [
  'replace',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
] as const;

/** One rule of relabelling, with all that its author left out filled in. */
export type RelabelRule = {
  action: (typeof relabelActions)[number];
  sourceLabels: readonly string[];
  separator: string;
  regex: AnchoredPattern;
  modulus: bigint;
  targetLabel: string;
  replacement: string;
  isLabelName: (name: string) => boolean;
};

/**
 * Labels as Prometheus relabels them (model/relabel/relabel.go), rule after rule; null where a rule drops them. A label
 * without a value is none.
 */
export function relabelled(labels: Labels, rules: readonly RelabelRule[]): Labels | null {
  const changing = changingLabels(labels);
  for (const rule of rules) if (!apply(rule, changing)) return null;
  return Object.fromEntries(changing.entries());
}

/** False where the labels are dropped. */
function apply(rule: RelabelRule, labels: ChangingLabels): boolean {
  const { action, regex, targetLabel } = rule;
  const value = rule.sourceLabels.map(labels.get).join(rule.separator);
  switch (action) {
    case 'keep':
      return regex.find(value) !== null;
    case 'drop':
      return regex.find(value) === null;
    case 'keepequal':
      return labels.get(targetLabel) === value;
    case 'dropequal':
      return labels.get(targetLabel) !== value;
    case 'replace':
      replace(rule, value, labels);
      return true;
    case 'lowercase':
      labels.set(targetLabel, lowerCase(value));
      return true;
    case 'uppercase':
      labels.set(targetLabel, upperCase(value));
      return true;
    case 'hashmod':
      labels.set(targetLabel, (hashOf(value) % rule.modulus).toString());
      return true;
    case 'labelmap':
      for (const [name, one] of labels.entries()) {
        const found = regex.find(name);
        if (found !== null) labels.set(expanded(rule.replacement, found), one);
      }
      return true;
    case 'labeldrop':
      for (const [name] of labels.entries()) if (regex.find(name) !== null) labels.set(name, '');
      return true;
    case 'labelkeep':
      for (const [name] of labels.entries()) if (regex.find(name) === null) labels.set(name, '');
      return true;
  }
}

function replace(rule: RelabelRule, value: string, labels: ChangingLabels): void {
  const found = rule.regex.find(value);
  if (found === null) return;
  const target = expanded(rule.targetLabel, found);
  if (rule.isLabelName(target)) labels.set(target, expanded(rule.replacement, found));
}

/** The last eight bytes of the MD5, as a number. */
const hashOf = (value: string): bigint => createHash('md5').update(value, 'utf8').digest().readBigUInt64BE(8);

type ChangingLabels = ReturnType<typeof changingLabels>;

/**
 * Labels while they are changed. INVARIANT: what was there comes first, by the bytes of its name, then what was set, in the
 * order in which it was: of two that a `labelmap` gives one name, the later counts.
 */
function changingLabels(labels: Labels) {
  const before = new Map(Object.entries(labels).sort(([one], [other]) => byBytes(one, other)));
  const set = new Map<string, string>();
  return {
    get: (name: string): string => set.get(name) ?? before.get(name) ?? '',
    set(name: string, value: string): void {
      if (value !== '') {
        set.set(name, value);
        return;
      }
      set.delete(name);
      before.delete(name);
    },
    entries: (): [string, string][] => [
      ...[...before].filter(([name, value]) => value !== '' && !set.has(name)),
      ...set,
    ],
  };
}

/**
 * Go maps each character to one other, where Unicode would write some with several: ß stays ß, and a Greek letter with an
 * iota below becomes the one that Unicode has for titles.
 */
const upperCase = (text: string): string =>
  Array.from(text, (one) => {
    const upper = one.toUpperCase();
    if ([...upper].length === 1) return upper;
    const code = one.codePointAt(0) ?? 0;
    if (/[\u1f80-\u1f87\u1f90-\u1f97\u1fa0-\u1fa7]/u.test(one)) return String.fromCodePoint(code + 8);
    return /[\u1fb3\u1fc3\u1ff3]/u.test(one) ? String.fromCodePoint(code + 9) : one;
  }).join('');

/** Of lower-case letters, the dotted capital I alone would become two. Each is taken by itself: no sigma is a final one. */
const lowerCase = (text: string): string =>
  Array.from(text, (one) => (one === '\u0130' ? 'i' : one.toLowerCase())).join('');
