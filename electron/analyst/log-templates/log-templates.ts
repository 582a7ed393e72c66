import { inSlices } from '../../platform/in-slices.ts';

/**
 * Log lines grouped by what they have in common, after Drain (He et al., "Drain: An Online Log Parsing Approach with Fixed
 * Depth Tree", ICWS 2017): a line goes to the group of its length and first words whose template is most like it, and what
 * differs becomes a wildcard. One pass, bounded whatever the lines are, and never long at a stretch.
 */
export type TemplateGroup = {
  /** The words that all lines have in common; `<*>` for what differs. */
  template: string;
  count: number;
  /** How many of them were written before the time that splits them. */
  before: number;
  firstMs: number;
  lastMs: number;
  /** One line as it was written: the first. */
  sample: string;
};

export const WILDCARD = '<*>';
/** How much of a template a line must share with it to belong to it. */
const LEAST_ALIKE = 0.5;
const MOST_WORDS = 60;
/** What comes later in a line makes no kind of its own: whoever logs a megabyte must not make one line cost so much. */
const MOST_CHARACTERS = 8_000;
const MOST_GROUPS = 400;
const MOST_IN_LEAF = 20;
/** Words by which a line finds its leaf, before similarity decides. */
const DEPTH = 2;

type Line = { atMs: number; text: string };
type Group = Omit<TemplateGroup, 'template'> & { words: string[] };

/** Groups by how many lines they have, the largest first, and how many lines found no place among them. */
export async function groupByTemplate(
  lines: Iterable<Line>,
  splitMs: number,
  signal?: AbortSignal,
): Promise<{ groups: TemplateGroup[]; ungrouped: number }> {
  const leaves = new Map<string, Group[]>();
  const groups: Group[] = [];
  let ungrouped = 0;
  const place = (line: Line): void => {
    const words = wordsOf(line.text);
    const key = leafOf(words);
    const leaf = leaves.get(key) ?? [];
    const fitting = mostAlike(leaf, words);
    if (fitting) {
      take(fitting, words, line, splitMs);
    } else if (groups.length < MOST_GROUPS && leaf.length < MOST_IN_LEAF) {
      const { atMs, text } = line;
      const group = { words, count: 0, before: 0, firstMs: atMs, lastMs: atMs, sample: text };
      take(group, words, line, splitMs);
      leaf.push(group);
      groups.push(group);
      leaves.set(key, leaf);
    } else {
      ungrouped += 1;
    }
  };
  await inSlices(lines, place, signal ? { signal } : {});
  return {
    groups: groups
      .map(({ words, ...group }) => ({ template: words.join(' '), ...group }))
      .sort((a, b) => b.count - a.count || (a.template < b.template ? -1 : 1)),
    ungrouped,
  };
}

/** Words with what is surely a parameter masked; what follows the last is one more wildcard. */
function wordsOf(text: string): string[] {
  // A line of JSON may have no blank in it: its members are its words then.
  const between = text.startsWith('{') ? /\s+|(?<=,)(?=")/ : /\s+/;
  const words = text
    .slice(0, MOST_CHARACTERS)
    .trim()
    .split(between, MOST_WORDS + 1)
    .map(masked);
  return words.length > MOST_WORDS ? [...words.slice(0, MOST_WORDS), WILDCARD] : words;
}

/**
 * Numbers, hashes, ids and addresses are parameters wherever they stand, also behind `key=` and within quotes: a word with
 * a digit in it keeps only what comes before its value.
 */
function masked(word: string): string {
  if (!/\d/.test(word)) return word;
  const at = word.search(/[=:]/);
  return at > 0 && !/\d/.test(word.slice(0, at)) ? `${word.slice(0, at + 1)}${WILDCARD}` : WILDCARD;
}

const leafOf = (words: readonly string[]): string =>
  JSON.stringify([
    words.length,
    ...words.slice(0, DEPTH).map((word) => (word.includes(WILDCARD) ? WILDCARD : word)),
  ]);

function mostAlike(leaf: readonly Group[], words: readonly string[]): Group | null {
  let best: Group | null = null;
  let bestShare = LEAST_ALIKE;
  for (const group of leaf) {
    const share = alike(group.words, words);
    if (share >= bestShare) {
      best = group;
      bestShare = share;
    }
  }
  return best;
}

/** The share of words that are the same, or 0 as soon as too many differ; a wildcard is like nothing but itself. */
function alike(template: readonly string[], words: readonly string[]): number {
  if (words.length === 0) return 1;
  const mostOther = words.length * (1 - LEAST_ALIKE);
  let other = 0;
  for (const [at, word] of words.entries()) {
    if (template[at] !== word) other += 1;
    if (other > mostOther) return 0;
  }
  return 1 - other / words.length;
}

function take(group: Group, words: readonly string[], { atMs }: Line, splitMs: number): void {
  for (const [at, word] of words.entries()) if (group.words[at] !== word) group.words[at] = WILDCARD;
  group.count += 1;
  if (atMs < splitMs) group.before += 1;
  group.firstMs = Math.min(group.firstMs, atMs);
  group.lastMs = Math.max(group.lastMs, atMs);
}
