import { z } from 'zod';
import { sawAnything } from '../../../shared/vocabulary/candidate.ts';
import type { ModelClient, ToolCall, Turn, TurnRequest } from '../model-client.ts';
import { escalateTool } from '../propose-tool.ts';
import { type Claims, stateHypotheses } from '../state-hypotheses.ts';
import { nextOfAnswer } from './answer/answer.ts';
import { claimsFrom, conclusionFrom } from './claims.ts';
import { nothingWrong } from './nothing-wrong.ts';
import { isOutOfOrder } from './shared-trouble.ts';
import { undoWish } from './undo-wish.ts';
import { type WhatWasRead, whatWasRead } from './what-was-read.ts';

const CANDIDATES = 20;
/** Asked for when the whole list was too long to be heard to its end. */
const FEWER_CANDIDATES = 5;
const SIGNALS = 60;
const SUSPECTS = 5;
const CHALLENGED_SUSPECTS = 9;
/** Services that look guilty by themselves are read whether or not anything of theirs changed. */
const SUSPECT_SERVICES = 3;
/** What was done to a machine, a disk or a database hurts many at once and is ranked by none of them. */
const SHARED_SUSPECTS = 2;
const HOPS = 3;

/**
 * An analyst that needs no network and no key: a fixed procedure a careful engineer would follow, in the shape of a
 * model. It sees only what its tools answer, as any model does.
 */
export const offlineAnalyst: ModelClient = {
  id: 'offline-analyst/1',
  parameters: {},
  // biome-ignore lint/correctness/useYield: it has nothing to stream; the whole turn is known at once.
  async *turn({ messages }: TurnRequest): AsyncGenerator<string, Turn> {
    const opening = messages[0];
    const { challenge, question } = opening?.role === 'user' ? opening : {};
    if (question) return nextOfAnswer(messages, question);
    return next(whatWasRead(messages), challenge, messages.length);
  },
};

/** The next turn, from what has been read so far. */
function next(read: WhatWasRead, challenge: string | undefined, place: number): Turn {
  const turn = (text: string, wanted: readonly { name: string; input: object }[]): Turn => ({
    text,
    calls: wanted.map((call, index): ToolCall => ({ id: `call-${place}-${index}`, ...call })),
    tokens: null,
  });
  const { candidates } = read;
  if (!read.called('list_candidates')) {
    return turn('Reading the ranked candidates and the signals.', [
      { name: 'list_candidates', input: { limit: CANDIDATES } },
      { name: 'search_timeline', input: { kind: 'signal', limit: SIGNALS } },
    ]);
  }
  if (!candidates && read.times('list_candidates') < 2) {
    return turn('The list was not readable as a whole: asking for fewer.', [
      { name: 'list_candidates', input: { limit: FEWER_CANDIDATES } },
    ]);
  }
  if (!candidates) return turn('The candidates could not be read, so there is nothing to state.', []);
  if (!sawAnything(candidates) && read.signals?.events.length === 0) {
    return turn('Nothing is seen yet, no service, no change and no signal: there is nothing to read.', []);
  }
  if (!read.called('read_metric') && candidates.changes.length > 0) {
    return turn(
      suspectsText(read),
      suspectReads(read, challenge === undefined ? SUSPECTS : CHALLENGED_SUSPECTS),
    );
  }
  if (!read.called(stateHypotheses.name)) {
    const hypotheses = claimsFrom(read, challenge);
    if (hypotheses.length === 0) return turn('Nothing was read that a hypothesis could rest on.', []);
    return turn(
      challenge ? 'Arguing against the first hypothesis.' : 'Weighing what speaks for and against each.',
      [
        {
          name: stateHypotheses.name,
          input: { hypotheses, conclusion: conclusionFrom(hypotheses, read) },
        },
      ],
    );
  }
  if (challenge === undefined && nothingWrong(read) === null && !read.called(escalateTool.name)) {
    const suggested = suggestion(read, turn);
    if (suggested) return suggested;
  }
  return turn(closing(read), []);
}

function suspectsText({ candidates }: WhatWasRead): string {
  const first = candidates?.changes[0];
  const onset = candidates?.onset ? `Trouble began about ${candidates.onset.slice(11, 19)} UTC. ` : '';
  return `${onset}Reading metrics and changes of the likeliest, first ${first?.service ?? 'none'}.`;
}

function suspectReads({ candidates }: WhatWasRead, most: number) {
  const likeliest = candidates?.changes.slice(0, most) ?? [];
  const shared = (candidates?.changes.slice(most) ?? []).filter(isOutOfOrder).slice(0, SHARED_SUSPECTS);
  const suspects = [...likeliest, ...shared];
  const alone = candidates?.services.slice(0, SUSPECT_SERVICES).map(({ id }) => id) ?? [];
  const services = [...new Set([...suspects.map(({ service }) => service), ...alone])].filter(Boolean);
  const deployed = [
    ...new Set(suspects.filter(({ kind }) => kind === 'deploy').map(({ service }) => service)),
  ];
  const others = suspects.filter(({ kind }) => kind !== 'deploy').map(({ id }) => id);
  return [
    ...services.map((service) => ({ name: 'read_metric', input: { service } })),
    ...services.map((service) => ({ name: 'read_topology', input: { service, depth: HOPS } })),
    ...deployed.map((service) => ({ name: 'read_rollout', input: { service } })),
    ...others.map((change) => ({ name: 'read_change', input: { change } })),
  ];
}

const Stated = z.object({ ranked: z.array(z.object({ claim: z.string(), confidence: z.number() })) });

/** The hypotheses as code left them standing, best first: its confidence, not the one that was claimed. */
function standing(read: WhatWasRead): Claims['hypotheses'] {
  const stated = Stated.safeParse(read.answered(stateHypotheses.name).at(-1)).data?.ranked ?? [];
  const claims = claimsFrom(read, undefined);
  return stated.flatMap(({ claim, confidence }) => {
    const mine = claims.find((one) => one.claim === claim);
    return mine ? [{ ...mine, confidence }] : [];
  });
}

/**
 * The undoing of the likeliest cause for which one is possible; without any, or when it could not even be proposed, a
 * human takes over. Null when it is proposed already.
 */
function suggestion(
  read: WhatWasRead,
  turn: (text: string, wanted: { name: string; input: object }[]) => Turn,
): Turn | null {
  const [first, ...others] = standing(read);
  const all = first ? [first, ...others] : [];
  const answers = [first, ...others].map((hypothesis) => undoWish(hypothesis, read, all));
  // Who says that nothing stands out far enough has nothing to undo, however likely the second is by itself.
  const isNamed = conclusionFrom(all, read).kind === 'cause-named';
  const wish = isNamed ? answers.find((answer) => 'wish' in answer) : undefined;
  if (wish && !read.called(wish.tool)) {
    return turn('Suggesting to take it back; a person decides.', [{ name: wish.tool, input: wish.wish }]);
  }
  const refusal = wish ? read.refused(wish.tool) : null;
  if (wish && refusal === null) return null;
  const because = refusal
    ? `taking it back cannot be proposed: ${refusal}`
    : (answers.find((answer) => 'because' in answer)?.because ?? 'the reading is inconclusive');
  return turn(`No action is suggested: ${because}.`, [
    {
      name: escalateTool.name,
      input: { ...handOver(first, read), because: `No action is suggested: ${because}.`.slice(0, 2_000) },
    },
  ]);
}

const READ_ELSEWHERE = 'Read the systems that are not connected, and ask who changed something by hand.';

/** What a human is asked to do: where no change is suspected there is none to undo, and what would disprove that is no advice. */
function handOver(
  first: Claims['hypotheses'][number] | undefined,
  { candidates }: WhatWasRead,
): { title: string; recommended: string } {
  if (!first) return { title: 'Find the cause: nothing we see explains it', recommended: READ_ELSEWHERE };
  const silent = candidates?.unmeasured.join(', ') ?? '';
  if (first.cause === null && silent !== '') {
    return {
      title: `Find the cause without metrics: ${silent} did not answer`.slice(0, 200),
      recommended: `See why ${silent} does not answer, or read the metrics there by hand.`.slice(0, 2_000),
    };
  }
  if (first.cause === null) {
    const title = `Find the cause: ${first.claim.replace(/^The cause is/, 'it is')}`;
    return { title: title.slice(0, 200), recommended: READ_ELSEWHERE };
  }
  return {
    title: `Decide what to do about: ${first.claim}`.slice(0, 200),
    recommended: `Check by hand: ${first.disprovedBy}. If it is the cause, undo it where it was made.`,
  };
}

function closing(read: WhatWasRead): string {
  const proposed = read.proposed() ? 'Taking the change back is proposed and waits for a decision.' : '';
  const failures = read.failures > 0 ? ` ${read.failures} reads failed.` : '';
  return `${proposed}${failures} Not ruled out: whatever reports nothing to Countersign.`.trim();
}
