import type { Axis } from './axes.ts';

/**
 * A function of the axes as a reduced ordered decision diagram: a word, or the axis that decides next and the diagram for
 * each of its values. Equal diagrams are one and the same node.
 */
export type Diagram<Word extends string> = { id: number } & (
  | { word: Word }
  | { axis: number; next: readonly Diagram<Word>[] }
);

/** Makes diagrams over axes in their order. Bryant, Graph-Based Algorithms for Boolean Function Manipulation, 1986. */
export function diagramsOver(axes: readonly Axis[]) {
  const known = new Map<string, Diagram<string>>();
  const intern = <Word extends string>(key: string, make: (id: number) => Diagram<Word>): Diagram<Word> => {
    const before = known.get(key) as Diagram<Word> | undefined;
    if (before) return before;
    const made = make(known.size);
    known.set(key, made);
    return made;
  };
  const leaf = <Word extends string>(word: Word): Diagram<Word> => intern(word, (id) => ({ id, word }));
  const branch = <Word extends string>(axis: number, next: readonly Diagram<Word>[]): Diagram<Word> => {
    const [first] = next;
    if (first && next.every((one) => one === first)) return first;
    return intern(`${axis}:${next.map(({ id }) => id).join()}`, (id) => ({ id, axis, next }));
  };

  return {
    leaf,

    /**
     * The diagram of a pure function of a record. It is watched: axes that it never reads are not varied, so a rule costs
     * the product of the few that it does read.
     */
    of<Rest extends object, Word extends string>(
      valuesOf: readonly Axis[],
      rest: Rest,
      work: (record: Rest) => Word,
    ): Diagram<Word> {
      const chosen = new Map<PropertyKey, unknown>();
      const numberOf = new Map<PropertyKey, number>(axes.map(({ member }, at) => [member, at]));
      const read = new Set<number>();
      const record = new Proxy(rest, {
        get(target, member) {
          const axis = numberOf.get(member);
          if (axis === undefined) return Reflect.get(target, member);
          read.add(axis);
          return chosen.has(member) ? chosen.get(member) : valuesOf[axis]?.values[0]?.is;
        },
        ownKeys() {
          throw new Error('A request is read member by member, or its truth table would miss one');
        },
      });
      const grow = (order: readonly number[], at: number): Diagram<Word> => {
        const axis = order[at];
        if (axis === undefined) return leaf(work(record));
        const { member, values } = valuesOf[axis] ?? { member: '', values: [] };
        const next = values.map(({ is }) => {
          chosen.set(member, is);
          return grow(order, at + 1);
        });
        chosen.delete(member);
        return branch(axis, next);
      };
      // What is read may depend on what was read before, so it is asked until nothing new comes up.
      for (let before = -1; ; ) {
        const order = [...read].toSorted((a, b) => a - b);
        if (order.length === before) return grow(order, 0);
        before = order.length;
        grow(order, 0);
      }
    },

    /** The diagram of what two functions come to together. */
    join<A extends string, B extends string, C extends string>(
      one: Diagram<A>,
      other: Diagram<B>,
      both: (a: A, b: B) => C,
    ): Diagram<C> {
      const done = new Map<string, Diagram<C>>();
      const join = (a: Diagram<A>, b: Diagram<B>): Diagram<C> => {
        const key = `${a.id},${b.id}`;
        const before = done.get(key);
        if (before) return before;
        const made = joined(a, b);
        done.set(key, made);
        return made;
      };
      const joined = (a: Diagram<A>, b: Diagram<B>): Diagram<C> => {
        if ('word' in a && 'word' in b) return leaf(both(a.word, b.word));
        const axis = Math.min(axisOf(a), axisOf(b));
        const values = axes[axis]?.values ?? [];
        return branch(
          axis,
          values.map((_value, at) => join(childOf(a, axis, at), childOf(b, axis, at))),
        );
      };
      return join(one, other);
    },
  };
}

const axisOf = (diagram: Diagram<string>): number =>
  'word' in diagram ? Number.POSITIVE_INFINITY : diagram.axis;

const childOf = <Word extends string>(diagram: Diagram<Word>, axis: number, at: number): Diagram<Word> =>
  'word' in diagram || diagram.axis !== axis ? diagram : (diagram.next[at] ?? diagram);
