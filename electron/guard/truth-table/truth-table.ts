import { z } from 'zod';
import { whatPoliciesRead } from '../cedar/what-policies-read.ts';
import type { LoadedEnvelope } from '../envelope/loaded-envelope.ts';
import { environmentOf } from '../environment-of.ts';
import { rules } from '../guard.ts';
import { plainRequest } from '../plain-request.ts';
import type { Judged } from '../rule.ts';
import { serviceTierOf } from '../service-tier.ts';
import { targetKinds } from '../target-kinds.ts';
import { tierOf } from '../tier-of.ts';
import { type Axis, axesAt, axesOf } from './axes.ts';
import { type Diagram, diagramsOver } from './diagram.ts';
import { type Place, placeInWords, placesFor } from './places.ts';
import { ofBoth, type PolicyInTable, type PolicyWord, policiesInTable } from './policy-words.ts';
import {
  fromNarrowToWide,
  inStage,
  type RuleWord,
  stricterOf,
  type VerdictWord,
  verdictOf,
  wordOfRule,
} from './verdict-word.ts';

const NodeIndex = z.number().int().nonnegative();

/**
 * The verdict on every combination of what the guard tells apart: per action, kind of target and place a tree of
 * questions. Rows that are denied throughout are left out. The same envelope always gives the same bytes.
 */
export const TruthTable = z.strictObject({
  format: z.literal('countersign.truth-table/1'),
  axes: z.array(z.strictObject({ member: z.string(), values: z.array(z.string()).min(1) })),
  /** A verdict, or the axis that is asked and for each of its values the node that follows; always a node before it. */
  nodes: z.array(
    z.union([z.enum(fromNarrowToWide), z.strictObject({ asks: NodeIndex, next: z.array(NodeIndex) })]),
  ),
  rows: z.array(z.strictObject({ action: z.string(), kind: z.string(), place: z.string(), node: NodeIndex })),
  /** Places and values that were too many to tabulate. */
  left: z.number().int().nonnegative(),
});
export type TruthTable = z.infer<typeof TruthTable>;

/** What two tables must share to be compared: what they ask about. */
export type Questions = {
  actions: readonly string[];
  axes: readonly Axis[];
  placesOf: ReadonlyMap<string, readonly Place[]>;
  left: number;
};

/** The questions that tell the given envelopes apart, from each other as well. */
export function questionsFor(envelopes: readonly LoadedEnvelope[]): Questions {
  const read = whatPoliciesRead(envelopes.flatMap(({ policies }) => policies));
  const written = envelopes.map(({ envelope }) => envelope);
  const { axes, left: leftOfAxes } = axesOf(written, read);
  const found = targetKinds.map((kind) => ({ kind, ...placesFor(kind, written, read) }));
  return {
    actions: [...new Set(envelopes.flatMap(({ prepared }) => prepared.actions))].toSorted(),
    axes,
    placesOf: new Map(found.map(({ kind, places }) => [kind, places])),
    left: found.reduce((sum, { left }) => sum + left, leftOfAxes),
  };
}

/** The truth table of an envelope, by default over its own questions. */
export function truthTable(
  loaded: LoadedEnvelope,
  { actions, axes, placesOf, left }: Questions = questionsFor([loaded]),
): TruthTable {
  const { prepared } = loaded;
  const diagrams = diagramsOver(axes);
  const policiesAbout = policiesInTable(loaded);
  const nodes = nodeList();
  const rows: TruthTable['rows'] = [];

  /** What our own rules leave, and the tier; a property test holds that of a place they read no more than this. */
  const ownAt = oncePer(
    (judged: Judged) =>
      JSON.stringify([
        judged.action,
        judged.environment,
        serviceTierOf(judged.envelope, judged),
        judged.service,
      ]),
    (rest) => {
      const here = axesAt(axes, rest);
      const own = asked.map((rule) => diagrams.of(here, rest, (judged) => wordOfRule(rule(judged))));
      const line = diagrams.of(here, rest, (judged) => tierOf(judged)?.tier ?? 'no line');
      return { left: own.reduce((so, next) => diagrams.join(so, next, stricterOf)), line };
    },
  );

  const wordOf = oncePer(
    ({ policy, rest }: { policy: PolicyInTable; rest: Judged }) => `${policy.id} ${policy.readsOf(rest)}`,
    ({ policy, rest }) => diagrams.of(axesAt(axes, rest), rest, (judged) => policy.says(judged)),
  );

  /** What the policies about an action come to; most places share it with others. */
  const together = oncePer(
    (words: readonly Diagram<PolicyWord>[]) => words.map(({ id }) => id).join(),
    (words) =>
      diagrams.join(
        words.reduce((so, next) => diagrams.join(so, next, ofBoth), diagrams.leaf<PolicyWord>('is silent')),
        diagrams.leaf('at least ack'),
        (word): RuleWord => (word === 'permits' ? 'at least ack' : 'deny'),
      ),
  );

  function verdictsAt(rest: Judged): Diagram<VerdictWord> {
    const own = ownAt(rest);
    if ('word' in own.left && own.left.word === 'deny') return diagrams.leaf('deny');
    const about = policiesAbout.get(rest.action) ?? [];
    const policies = together(about.map((policy) => wordOf({ policy, rest })));
    if ('word' in policies && policies.word === 'deny') return diagrams.leaf('deny');
    const left = diagrams.join(policies, own.left, stricterOf);
    const stage = diagrams.of(axesAt(axes, rest), rest, (judged) => judged.stage);
    return diagrams.join(diagrams.join(left, own.line, verdictOf), stage, inStage);
  }

  for (const action of actions.filter((name) => prepared.actions.includes(name))) {
    for (const [kind, places] of placesOf) {
      for (const place of places) {
        const verdicts = verdictsAt(placed(loaded, action, kind, place));
        if ('word' in verdicts && verdicts.word === 'deny') continue;
        rows.push({ action, kind, place: placeInWords(kind, place), node: nodes.indexOf(verdicts) });
      }
    }
  }
  return {
    format: 'countersign.truth-table/1',
    axes: axes.map(({ member, values }) => ({ member, values: values.map(({ says }) => says) })),
    nodes: nodes.all,
    rows,
    left,
  };
}

/** All rules but the one that refuses what is no number and no name: a table holds none of these. */
const asked = Object.entries(rules)
  .filter(([name]) => name !== 'facts-hold')
  .map(([, rule]) => rule);

function oncePer<Given, Made>(keyOf: (given: Given) => string, make: (given: Given) => Made) {
  const made = new Map<string, Made>();
  return (given: Given): Made => {
    const key = keyOf(given);
    const before = made.get(key);
    if (before !== undefined) return before;
    const now = make(given);
    made.set(key, now);
    return now;
  };
}

function placed(loaded: LoadedEnvelope, action: string, kind: string, place: Place): Judged {
  const { envelope } = loaded;
  const { cluster, namespace, name, service, namespaceLabels } = place;
  // Whether the names would pass the schema of a target is not asked here: the place stands for others.
  const target = { ...plainRequest.target, cluster, kind, namespace, name } as Judged['target'];
  const environment = environmentOf(envelope, { target, cluster, namespaceLabels });
  return { ...plainRequest, envelope, action, target, cluster, service, namespaceLabels, environment };
}

/** The nodes in the order in which rows come to them, each after those that follow from it. */
function nodeList(): { all: TruthTable['nodes']; indexOf(diagram: Diagram<VerdictWord>): number } {
  const all: TruthTable['nodes'] = [];
  const known = new Map<number, number>();
  function indexOf(diagram: Diagram<VerdictWord>): number {
    const before = known.get(diagram.id);
    if (before !== undefined) return before;
    all.push('word' in diagram ? diagram.word : { asks: diagram.axis, next: diagram.next.map(indexOf) });
    known.set(diagram.id, all.length - 1);
    return all.length - 1;
  }
  return { all, indexOf };
}
