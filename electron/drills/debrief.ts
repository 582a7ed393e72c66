import type { Debrief, DebriefTruth, Judged, PastDrill } from '../../shared/vocabulary/drill.ts';
import { compare } from './compare.ts';
import type { DrillAnswer, DrillFacts } from './facts.ts';
import {
  type ActionJudged,
  approvedOnWrongCause,
  didHarm,
  judgeActions,
  mitigatedMs,
  wasRight,
} from './judge-actions.ts';
import { chasedInWords, detectedMs, judgeCauses, timesOf } from './judge-causes.ts';
import { scoreOf, scoreParts } from './score.ts';
import { twoLanes } from './two-lanes.ts';

/** What a drill came to. `earlier` are the drills before it, oldest first, of whomever. */
export function debriefOf(facts: DrillFacts, answer: DrillAnswer, earlier: readonly PastDrill[]): Debrief {
  const causes = judgeCauses(facts.statements, answer);
  const actions = judgeActions(facts.proposals, answer);
  const mitigated = mitigatedMs(actions, answer);
  const changes = new Set(facts.events.filter(({ kind }) => kind === 'change').map(({ key }) => key));
  const approvals = approvedOnWrongCause(facts.proposals, answer, (key) => changes.has(key));
  const since = (atMs: number) => atMs - answer.beganMs;
  const noticedMs = detectedMs(facts, answer);
  const afterNoticed = (atMs: number | null) => (atMs === null ? null : Math.max(0, atMs - noticedMs));

  const parts = scoreParts({
    cause: {
      stated: causes.statedMs !== null,
      causeFirst: afterNoticed(causes.firstMs),
      isLastWord: causes.isLastWord,
    },
    mitigation: {
      whatHelps: answer.helps.length > 0 ? 'something' : 'none',
      after: afterNoticed(mitigated),
      rightExecuted: actions.some(wasRight),
      executed: actions.length,
    },
    harms: actions.filter(didHarm).length,
    decoys: { believed: causes.chased.length, approved: approvals.length },
  });
  const about: PastDrill = {
    incident: facts.incident.id,
    person: facts.person,
    scenario: facts.scenario.name,
    title: facts.scenario.title,
    seed: facts.seed,
    difficulty: facts.scenario.difficulty,
    endedMs: facts.endedMs,
    score: scoreOf(parts),
  };
  return {
    ...about,
    beganMs: answer.beganMs,
    truth: truthOf(facts, answer),
    times: timesOf(facts, answer, causes, mitigated),
    parts,
    chased: [
      ...chasedInWords(causes, answer, since),
      ...approvals.map(({ proposal, atMs }) => ({
        at: since(atMs),
        title: proposal.title,
        sentence: 'It was approved on evidence of a change that did nothing.',
      })),
    ].sort((a, b) => a.at - b.at),
    harm: actions.filter(didHarm).map((action) => judged(action, since, harmInWords(action))),
    helped: actions.filter(wasRight).map((action) => judged(action, since, helpInWords(action))),
    timeline: twoLanes(facts, answer, actions),
    comparison: compare(about, earlier),
  };
}

function truthOf({ events }: DrillFacts, answer: DrillAnswer): DebriefTruth {
  return {
    changes: answer.changes.map((id) => {
      const event = events.find(({ key }) => key === id);
      const at = event ? event.atMs - answer.beganMs : null;
      return { id, title: event?.title ?? id, service: event?.service ?? null, at };
    }),
    services: answer.services,
    conclusion: answer.conclusion,
    helps: answer.helps.map(({ sentence }) => sentence),
  };
}

const judged = (action: ActionJudged, since: (atMs: number) => number, sentence: string): Judged => ({
  at: since(action.atMs),
  title: action.proposal.title,
  sentence,
});

const harmInWords = ({ by, outcome }: ActionJudged): string =>
  [by.kind === 'harms' && by.remedy.sentence, outcome === 'worse' && 'The metrics got worse after it.']
    .filter((part) => part !== false)
    .join(' ');

const helpInWords = ({ by, outcome }: ActionJudged): string =>
  [
    by.kind === 'helps' && by.remedy.sentence,
    outcome === 'improved' ? 'The expected effect came.' : 'Its effect was not seen to come.',
  ]
    .filter((part) => part !== false)
    .join(' ');
