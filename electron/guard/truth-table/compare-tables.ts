import { Failure } from '../../platform/failure.ts';
import type { LoadedEnvelope } from '../envelope/loaded-envelope.ts';
import { questionsFor, type TruthTable, truthTable } from './truth-table.ts';
import { fromNarrowToWide, type VerdictWord } from './verdict-word.ts';

/** Requests whose verdict an edit changed in the same way. */
export type TableChange = {
  direction: 'wider' | 'narrower';
  from: VerdictWord;
  to: VerdictWord;
  actions: string[];
  /** Kinds of target and places, as `Deployment x/elsewhere of elsewhere on x`. */
  targets: string[];
  /** What such a request has in common, each a list of which one holds; what is not named makes no difference. */
  when: string[][];
};

/** Which requests become wider or narrower from one envelope to the other, over what tells the two apart. */
export function compareEnvelopes(before: LoadedEnvelope, after: LoadedEnvelope): TableChange[] {
  const questions = questionsFor([before, after]);
  return compareTables(truthTable(before, questions), truthTable(after, questions));
}

/**
 * Which requests become wider or narrower from one table to the other. A row that only one has is denied by the other.
 * @throws Failure `conflict` for tables over different questions: their envelopes must be compared.
 */
export function compareTables(before: TruthTable, after: TruthTable): TableChange[] {
  if (JSON.stringify(before.axes) !== JSON.stringify(after.axes)) {
    throw new Failure('conflict', 'The two truth tables ask about different things: compare the envelopes');
  }
  const rows = new Map([...before.rows, ...after.rows].map((row) => [keyOf(row), row]));
  const changes = new Map<string, TableChange>();
  for (const [key, { action, kind, place }] of [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    for (const { from, to, when } of differences(before, nodeAt(before, key), after, nodeAt(after, key))) {
      const common = JSON.stringify([from, to, when]);
      const change = changes.get(common) ?? {
        direction: widthOf(to) > widthOf(from) ? 'wider' : 'narrower',
        from,
        to,
        actions: [],
        targets: [],
        when,
      };
      changes.set(common, change);
      addOnce(change.actions, action);
      addOnce(change.targets, `${kind} ${place}`);
    }
  }
  return [...changes.values()];
}

type Row = TruthTable['rows'][number];
type Difference = Pick<TableChange, 'from' | 'to' | 'when'>;

const keyOf = ({ action, kind, place }: Row): string => JSON.stringify([action, kind, place]);
const nodeAt = ({ rows }: TruthTable, key: string): number | null =>
  rows.find((row) => keyOf(row) === key)?.node ?? null;
const widthOf = (word: VerdictWord): number => fromNarrowToWide.indexOf(word);

/** Two nodes, one of each table, taken together. */
type Joint = { from: VerdictWord; to: VerdictWord } | { axis: number; next: readonly Joint[] };

/** What changed in one row, and for each kind of change the values that requests with it can have. */
function differences(
  before: TruthTable,
  one: number | null,
  after: TruthTable,
  other: number | null,
): Difference[] {
  const joint = joined(before, one, after, other);
  const changes = new Map<string, { from: VerdictWord; to: VerdictWord }>();
  visit(joint, (from, to) => {
    if (from !== to) changes.set(`${from} ${to}`, { from, to });
  });
  return [...changes.values()].map(({ from, to }) => {
    const when = before.axes.flatMap(({ values }, axis) => {
      const held = values.filter((_value, at) => canBe(joint, axis, at, from, to));
      return held.length === values.length ? [] : [held];
    });
    return { from, to, when };
  });
}

function joined(before: TruthTable, one: number | null, after: TruthTable, other: number | null): Joint {
  const known = new Map<string, Joint>();
  const join = (a: number | null, b: number | null): Joint => {
    const key = `${a} ${b}`;
    const earlier = known.get(key);
    if (earlier) return earlier;
    const made = make(a, b);
    known.set(key, made);
    return made;
  };
  const make = (a: number | null, b: number | null): Joint => {
    const left = nodeOf(before, a);
    const right = nodeOf(after, b);
    if (typeof left === 'string' && typeof right === 'string') return { from: left, to: right };
    const axis = Math.min(axisOf(left), axisOf(right));
    const values = before.axes[axis]?.values ?? [];
    return {
      axis,
      next: values.map((_value, at) => join(childOf(left, a, axis, at), childOf(right, b, axis, at))),
    };
  };
  return join(one, other);
}

function visit(
  joint: Joint,
  told: (from: VerdictWord, to: VerdictWord) => void,
  seen = new Set<Joint>(),
): void {
  if (seen.has(joint)) return;
  seen.add(joint);
  if ('from' in joint) told(joint.from, joint.to);
  else for (const next of joint.next) visit(next, told, seen);
}

/** Whether a request with this value on this axis can have changed so. */
function canBe(joint: Joint, axis: number, at: number, from: VerdictWord, to: VerdictWord): boolean {
  const known = new Map<Joint, boolean>();
  const can = (here: Joint): boolean => {
    const before = known.get(here);
    if (before !== undefined) return before;
    const answer =
      'from' in here
        ? here.from === from && here.to === to
        : here.axis === axis
          ? here.next.slice(at, at + 1).some(can)
          : here.next.some(can);
    known.set(here, answer);
    return answer;
  };
  return can(joint);
}

type Node = TruthTable['nodes'][number];

/** A row that is not there is denied throughout. */
const nodeOf = ({ nodes }: TruthTable, at: number | null): Node =>
  at === null ? 'deny' : (nodes[at] ?? 'deny');

const axisOf = (node: Node): number => (typeof node === 'string' ? Number.POSITIVE_INFINITY : node.asks);

const childOf = (node: Node, index: number | null, axis: number, at: number): number | null =>
  typeof node === 'string' || node.asks !== axis ? index : (node.next[at] ?? null);

function addOnce(list: string[], one: string): void {
  if (!list.includes(one)) list.push(one);
}
