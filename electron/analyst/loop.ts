import type { AnalystBudget, AnalystStep } from '../../shared/vocabulary/analyst.ts';
import type { Budget } from './budget.ts';
import { compacted } from './compaction.ts';
import type {
  CutShort,
  Message,
  ModelClient,
  Outgoing,
  ToolCall,
  Turn,
  TurnRequest,
} from './model-client.ts';
import type { ToolGateway } from './tool-gateway.ts';

/** What a run yields: a line for the screen, or the text of the turn so far; with what it has used. */
export type LoopEvent =
  | { kind: 'step'; step: AnalystStep['step']; budget: AnalystBudget }
  | { kind: 'saying'; text: string };

export type LoopParts = {
  client: ModelClient;
  outgoing: Outgoing;
  gateway: Pick<ToolGateway, 'specs' | 'handle'>;
  system: string;
  /** What was said so far, the opening first; the loop adds to it, in the words that went to the model and came from it. */
  messages: Message[];
  budget: Budget;
  /** Called with each finished turn before its tools run. */
  onTurn(finished: FinishedTurn): void;
};

/** A turn as everybody but its model is to read it, as the model said it, and what it was said to. */
export type FinishedTurn = { turn: Turn; asSaid: Turn; request: TurnRequest };

/** How often the very same call is answered before the run is ended as stuck. */
const MOST_REPEATS = 3;
/** How often in a row the model is asked to go on after its answer was cut off. */
const MOST_CUTS = 2;

/**
 * The analyst: turns of a model and calls of its tools, until it says nothing more to do, is stopped, or has used its
 * budget. It yields what happened and decides nothing; whatever goes wrong in a tool is the model's to read.
 */
export async function* analyse(parts: LoopParts, signal: AbortSignal): AsyncGenerator<LoopEvent> {
  const { gateway, budget, messages } = parts;
  const asked = new Map<string, number>();
  const event = (step: AnalystStep['step']): LoopEvent => ({ kind: 'step', step, budget: budget.spent() });
  const ended = (because: string): LoopEvent => event({ kind: 'ended', because });
  const outOfTime = AbortSignal.timeout(budget.leftMs());
  const either = AbortSignal.any([signal, outOfTime]);
  let cuts = 0;

  try {
    for (;;) {
      const spent = budget.exhausted();
      if (spent) return yield ended(spent);
      signal.throwIfAborted();
      budget.countTurn();
      const { turn, asSaid } = yield* wholeTurn(parts, either);
      if (turn.tokens) budget.countTokens(turn.tokens);
      if (turn.text) yield event({ kind: 'said', text: turn.text });
      if (turn.cutShort) {
        cuts += 1;
        const goOn = cuts > MOST_CUTS ? null : wayOn(turn.cutShort);
        if (goOn === null) return yield ended(turn.cutShort.because);
        messages.push({ role: 'assistant', text: asSaid.text, calls: [], ...ownOf(asSaid, turn.cutShort) });
        if (goOn !== '') messages.push({ role: 'user', text: goOn });
        continue;
      }
      cuts = 0;
      if (turn.calls.length === 0) return yield ended('nothing more to read or to suggest');

      const stuck = turn.calls.find((call) => repeats(asked, call) > MOST_REPEATS);
      if (stuck) return yield ended(`it kept asking for the same ${stuck.name}`);
      const handled = await Promise.all(
        turn.calls.map((call) => (budget.takeRead() ? gateway.handle(call, either) : overBudget(call))),
      );
      for (const { step } of handled) yield event(step);
      messages.push({ role: 'assistant', text: asSaid.text, calls: asSaid.calls, ...ownOf(asSaid) });
      messages.push({ role: 'tools', results: handled.map(({ result }) => result) });
    }
  } catch (error) {
    if (!outOfTime.aborted || signal.aborted) throw error;
    yield ended(budget.exhausted() ?? 'its time is used up');
  }
}

async function* wholeTurn(
  { client, outgoing, system, messages, gateway, onTurn }: LoopParts,
  signal: AbortSignal,
): AsyncGenerator<LoopEvent, FinishedTurn> {
  makeRoom(messages, client.mostCharacters ?? Number.POSITIVE_INFINITY);
  const { request, restore } = await outgoing.prepare({
    system,
    messages: [...messages],
    tools: gateway.specs,
  });
  const stream = client.turn(request, signal);
  for (;;) {
    const next = await stream.next();
    if (!next.done) {
      yield { kind: 'saying', text: restore(next.value) };
      continue;
    }
    const asSaid = next.value;
    const turn = { ...asSaid, text: restore(asSaid.text), calls: asSaid.calls.map(restored(restore)) };
    const finished = { turn, asSaid, request };
    onTurn(finished);
    return finished;
  }
}

/** For good: a conversation that changed its past at each turn could never be read from the model's cache. */
function makeRoom(messages: Message[], mostCharacters: number): void {
  const fitting = compacted(messages, mostCharacters);
  if (fitting !== messages) messages.splice(0, messages.length, ...fitting);
}

const restored =
  (restore: <T>(value: T) => T) =>
  (call: ToolCall): ToolCall => ({ ...call, input: restore(call.input) });

/** What the model is told so that it goes on: nothing where it only paused; null where it cannot. */
function wayOn({ kind }: CutShort): string | null {
  switch (kind) {
    case 'paused':
      return '';
    case 'answer-limit':
      return 'Your answer was cut off at its limit and none of its calls was made. Go on, with fewer and shorter calls.';
    case 'refused':
    case 'context-full':
      return null;
  }
}

/** An answer that was cut off is told in its text alone: its own form may hold half a call. */
const ownOf = ({ own }: Turn, cut?: CutShort): { own?: unknown } =>
  own === undefined || cut?.kind === 'answer-limit' ? {} : { own };

/** Past the budget of reads a call is answered, not made: every call of a turn needs its answer. */
function overBudget({ id, name }: ToolCall) {
  const because = 'The budget of reads is used up';
  return {
    result: { call: id, text: JSON.stringify({ failed: because }), failed: true },
    step: { kind: 'read', read: '', tool: name, arguments: {}, found: because, digest: '', failed: true },
  } as const;
}

function repeats(asked: Map<string, number>, { name, input }: ToolCall): number {
  const key = `${name} ${JSON.stringify(input)}`;
  const times = (asked.get(key) ?? 0) + 1;
  asked.set(key, times);
  return times;
}
