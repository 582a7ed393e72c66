/** Rows, or characters of texts, that were left out of a result, by where they stood; `*` stands for each row. */
export type LeftOut = { path: string; rows: number } | { path: string; characters: number };

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type List = { rows: Json[]; put(rows: Json[]): void };
type Text = { text: string; put(text: string): void };
type Found = { lists: Map<string, List[]>; texts: Map<string, Text[]> };

/** A text longer than this goes before any row does. */
const LONG_TEXT = 4_000;
/** A text shorter than this stays whole. */
const LEAST_TEXT = 200;

/**
 * A result that takes at most so many characters as JSON. What is too long loses rows from the ends of its lists, those with
 * most rows first, and then the ends of its texts: it stays JSON, each row that is there is whole, and what was left out is
 * counted. The result itself is not changed.
 */
export function withinCharacters(
  result: object,
  most: number,
): { value: Record<string, unknown>; leftOut: LeftOut[] } {
  const value = structuredClone(result) as Record<string, Json>;
  const lost = new Map<string, LeftOut>();
  for (;;) {
    const { length } = JSON.stringify(value);
    if (length <= most) break;
    // Of far too much far less is kept at once: no result takes more than a few rounds.
    if (!shortenOnce(value, Math.min(1 / 2, Math.max(1 / 64, most / length)), lost)) break;
  }
  return { value, leftOut: [...lost.values()] };
}

/** Keeps this share of what stands at one place, in every row of it; false where nothing is left to shorten. */
function shortenOnce(value: Json, share: number, lost: Map<string, LeftOut>): boolean {
  const found: Found = { lists: new Map(), texts: new Map() };
  collect(value, { path: '', isRow: false, put: () => {} }, found);
  const long = longestText(found, LONG_TEXT);
  if (long) return shortenTexts(long, share, lost);
  const lists = fullest(found, 2);
  if (lists) return shortenLists(lists, share, lost);
  const texts = longestText(found, LEAST_TEXT);
  if (texts) return shortenTexts(texts, share, lost);
  const last = fullest(found, 1);
  return last !== null && shortenLists(last, share, lost);
}

/** A list right within a list is one row of it, such as a point, and no place of its own. */
function collect(
  value: Json,
  { path, isRow, put }: { path: string; isRow: boolean; put: (value: Json) => void },
  found: Found,
): void {
  if (typeof value === 'string') {
    add(found.texts, path, { text: value, put });
  } else if (Array.isArray(value)) {
    if (!isRow) add(found.lists, path, { rows: value, put });
    value.forEach((item, at) => {
      const replace = (next: Json) => {
        value[at] = next;
      };
      collect(item, { path: under(path, '*'), isRow: true, put: replace }, found);
    });
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      const replace = (next: Json) => {
        value[key] = next;
      };
      collect(item, { path: under(path, key), isRow: false, put: replace }, found);
    }
  }
}

function add<Place>(places: Map<string, Place[]>, path: string, place: Place): void {
  const there = places.get(path);
  if (there) there.push(place);
  else places.set(path, [place]);
}

const under = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);

/** The place with most rows in all, where some list has at least so many. */
function fullest({ lists }: Found, least: number): [string, List[]] | null {
  const rowsAt = (places: readonly List[]) => places.reduce((sum, { rows }) => sum + rows.length, 0);
  const some = [...lists].filter(([, places]) => places.some(({ rows }) => rows.length >= least));
  return some.toSorted(([, a], [, b]) => rowsAt(b) - rowsAt(a))[0] ?? null;
}

function longestText({ texts }: Found, least: number): [string, Text[]] | null {
  const longest = (places: readonly Text[]) =>
    places.reduce((most, { text }) => Math.max(most, text.length), 0);
  const [first] = [...texts].toSorted(([, a], [, b]) => longest(b) - longest(a));
  return first && longest(first[1]) > least ? first : null;
}

function shortenLists([path, lists]: [string, List[]], share: number, lost: Map<string, LeftOut>): true {
  const most = lists.reduce((longest, { rows }) => Math.max(longest, rows.length), 0);
  const kept = Math.floor(most * share);
  const before = lost.get(path);
  let rows = before && 'rows' in before ? before.rows : 0;
  for (const list of lists) {
    rows += Math.max(0, list.rows.length - kept);
    list.put(list.rows.slice(0, kept));
  }
  lost.set(path, { path, rows });
  return true;
}

function shortenTexts([path, texts]: [string, Text[]], share: number, lost: Map<string, LeftOut>): true {
  const most = texts.reduce((longest, { text }) => Math.max(longest, text.length), 0);
  const kept = Math.floor(most * share);
  const before = lost.get(path);
  let characters = before && 'characters' in before ? before.characters : 0;
  for (const { text, put } of texts) {
    characters += Math.max(0, text.length - kept);
    if (text.length > kept) put(text.slice(0, kept).toWellFormed());
  }
  lost.set(path, { path, characters });
  return true;
}
