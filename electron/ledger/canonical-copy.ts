/**
 * RFC 8785 in one pass, for what nearly every entry is made of: the copy has its members in the order of their names, so
 * that `JSON.stringify` spells it canonically. Whatever is out of the ordinary is left to a full implementation.
 */

type Plain = string | number | boolean | null | Plain[] | { [name: string]: Plain };

/**
 * A copy whose `JSON.stringify` is the RFC 8785 form of `value`, with nothing in it that JSON cannot hold. Undefined when
 * that is not plain to see, or when there are more than `mostNested` levels of it: `value` may still have such a form.
 */
export function canonicalCopy(value: unknown, mostNested: number): object | undefined {
  const copy = copyOf(value, mostNested);
  return typeof copy === 'object' && copy !== null ? copy : undefined;
}

const STRANGE = Symbol('not plain to see');

function copyOf(value: unknown, levels: number): Plain | typeof STRANGE {
  switch (typeof value) {
    case 'string':
      // A lone surrogate would be spelled as an escape.
      return value.isWellFormed() ? value : STRANGE;
    case 'number':
      // As it is read back: there is no -0 in the canonical form.
      return Number.isFinite(value) ? value + 0 : STRANGE;
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      if (levels === 0) return STRANGE;
      return Array.isArray(value) ? listOf(value, levels - 1) : membersOf(value, levels - 1);
    default:
      return STRANGE;
  }
}

function listOf(list: readonly unknown[], levels: number): Plain[] | typeof STRANGE {
  if ('toJSON' in list) return STRANGE;
  const copies: Plain[] = [];
  // By place: a hole is read as undefined, which is strange.
  for (let place = 0; place < list.length; place += 1) {
    const copy = copyOf(list[place], levels);
    if (copy === STRANGE) return STRANGE;
    copies.push(copy);
  }
  return copies;
}

function membersOf(value: object, levels: number): { [name: string]: Plain } | typeof STRANGE {
  const kind = Object.getPrototypeOf(value);
  if ((kind !== Object.prototype && kind !== null) || 'toJSON' in value) return STRANGE;
  const members = value as Record<string, unknown>;
  const names = Object.keys(members);
  if (!areInOrder(names)) sort(names);
  const copies: { [name: string]: Plain } = {};
  for (const name of names) {
    const member = members[name];
    if (member === undefined) continue;
    if (!isOrdinary(name)) return STRANGE;
    const copy = copyOf(member, levels);
    if (copy === STRANGE) return STRANGE;
    copies[name] = copy;
  }
  return copies;
}

/** What looks like the place in a list goes before all other names, whenever it was added. */
const isOrdinary = (name: string): boolean =>
  !startsWithDigit(name) && name !== '__proto__' && name.isWellFormed();
const startsWithDigit = (name: string): boolean => name.charCodeAt(0) >= 0x30 && name.charCodeAt(0) <= 0x39;

/** By hand where there are few, for they are copied and counted otherwise. */
function sort(names: string[]): void {
  if (names.length > FEW) names.sort();
  for (let sorted = 1; sorted < names.length; sorted += 1) {
    const name = names[sorted] ?? '';
    let place = sorted;
    for (; place > 0 && (names[place - 1] ?? '') > name; place -= 1) names[place] = names[place - 1] ?? '';
    names[place] = name;
  }
}

const FEW = 16;

/** In the order of their UTF-16 code units, as `sort` leaves them. */
function areInOrder(names: readonly string[]): boolean {
  for (let place = 1; place < names.length; place += 1) {
    if ((names[place - 1] ?? '') > (names[place] ?? '')) return false;
  }
  return true;
}
