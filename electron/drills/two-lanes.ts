import type { DebriefLine } from '../../shared/vocabulary/drill.ts';
import type { Event } from '../../shared/vocabulary/event.ts';
import type { DrillAnswer, DrillFacts, Statement } from './facts.ts';
import { type ActionJudged, didHarm, wasRight } from './judge-actions.ts';
import { isChase, isRight } from './judge-causes.ts';

/** A storm of alerts would bury the story. */
const MOST_ALERTS = 12;

/** What happened beside what was done, in order of time. */
export function twoLanes(
  facts: DrillFacts,
  answer: DrillAnswer,
  actions: readonly ActionJudged[],
): DebriefLine[] {
  return [...world(facts, answer), ...room(facts, answer, actions)]
    .sort((a, b) => a.atMs - b.atMs || a.turn - b.turn)
    .map(({ atMs, turn: _turn, ...line }) => ({ at: atMs - answer.beganMs, ...line }));
}

/** In a drill that is stepped much happens in one instant: what led to what is told first. */
type Line = Omit<DebriefLine, 'at'> & { atMs: number; turn: number };
const OPENED = 0;
const STATED = 1;
const DONE = 2;

function world({ events }: DrillFacts, answer: DrillAnswer): Line[] {
  const line = (atMs: number, title: string, was: Line['was'] = 'plain'): Line => ({
    atMs,
    lane: 'world',
    title,
    was,
    turn: OPENED,
  });
  const alerts = events.filter((event) => event.kind === 'signal' && event.sort === 'alert');
  const left = alerts.slice(MOST_ALERTS);
  return [
    line(answer.beganMs, 'The trouble began'),
    ...events.flatMap((event) => {
      if (event.kind !== 'change') return [];
      if (answer.changes.includes(event.key)) return [line(event.atMs, titleOf(event), 'cause')];
      return answer.decoys.includes(event.key) ? [line(event.atMs, titleOf(event), 'decoy')] : [];
    }),
    ...alerts.slice(0, MOST_ALERTS).map((event) => line(firedMs(event, answer), titleOf(event))),
    ...(left[0]
      ? [
          line(
            firedMs(left[0], answer),
            `${left.length} more ${left.length === 1 ? 'alert' : 'alerts'} from here on`,
          ),
        ]
      : []),
  ];
}

/** An alert tells since when its condition holds; it fires later, none of the trouble before the first one. */
const firedMs = ({ atMs }: Event, { beganMs, alertedMs }: DrillAnswer) =>
  atMs < beganMs ? atMs : Math.max(atMs, alertedMs);

const titleOf = ({ title, service }: Event) =>
  service === null || title.includes(service) ? title : `${service}: ${title}`;

function room(facts: DrillFacts, answer: DrillAnswer, actions: readonly ActionJudged[]): Line[] {
  const opening = facts.events.find((event) => event.kind === 'record' && event.sort === 'incident');
  const judged = new Map<string, ActionJudged>(actions.map((action) => [action.proposal.id, action]));
  return [
    ...facts.events.flatMap((event): Line[] => {
      if (event.kind === 'note') return [done(event, 'plain')];
      if (event.kind !== 'record' || event.sort === 'hypotheses') return [];
      if (event === opening) return [done(event, 'plain', OPENED)];
      const action = judged.get(event.ref);
      const weighs = event.sort === 'execution' || event.sort === 'outcome';
      return [done(event, weighs && action ? wasOf(action) : 'plain')];
    }),
    ...changesOfMind(facts.statements).map(({ atMs, first }): Line => {
      const was = isRight(first, answer) ? 'right' : isChase(first, answer) ? 'decoy' : 'plain';
      return { atMs, lane: 'room', title: `First hypothesis: ${first.claim}`, was, turn: STATED };
    }),
  ];
}

const done = (event: Event, was: Line['was'], turn = DONE): Line => {
  const { atMs, title } = event;
  return { atMs, lane: 'room', title, was, turn };
};

const wasOf = (action: ActionJudged): Line['was'] =>
  didHarm(action) ? 'harm' : wasRight(action) ? 'help' : 'plain';

/** The statements in which another cause than before stands first. */
function changesOfMind(statements: readonly Statement[]) {
  const firsts = statements.flatMap(({ atMs, hypotheses }) => {
    const first = hypotheses.toSorted((a, b) => a.rank - b.rank)[0];
    return first ? [{ atMs, first }] : [];
  });
  return firsts.filter(({ first }, index) => firsts[index - 1]?.first.cause !== first.cause);
}
