import type { AnalystBudget, AnalystStep } from '../../shared/vocabulary/analyst.ts';
import type { Budget } from './budget.ts';
import type { Message, ModelClient, ToolCall, Turn, TurnRequest } from './model-client.ts';
import type { ToolGateway } from './tool-gateway.ts';

/** What a run yields: a line for the screen, with what it has used so far. */
export type LoopEvent = { step: AnalystStep['step']; budget: AnalystBudget };

export type LoopParts = {
  client: ModelClient;
  gateway: ToolGateway;
  system: string;
  opening: Extract<Message, { role: 'user' }>;
  budget: Budget;
  /** Called with each finished turn and what it answered, before its tools run: both go into the ledger. */
  onTurn(turn: Turn, request: TurnRequest): void;
};

/** How often the very same call is answered before the run is ended as stuck. */
const MOST_REPEATS = 3;

/**
 * The analyst: turns of a model and calls of its tools, until it says nothing more to do, is stopped, or has used its
 * budget. It yields what happened and decides nothing; whatever goes wrong in a tool is the model's to read.
 */
export async function* analyse(parts: LoopParts, signal: AbortSignal): AsyncGenerator<LoopEvent> {
  const { client, gateway, budget } = parts;
  const messages: Message[] = [parts.opening];
  const asked = new Map<string, number>();
  const event = (step: AnalystStep['step']): LoopEvent => ({ step, budget: budget.spent() });

  for (;;) {
    const spent = budget.exhausted();
    if (spent) return yield event({ kind: 'ended', because: spent });
    signal.throwIfAborted();
    budget.countTurn();
    const request = { system: parts.system, messages, tools: gateway.specs };
    const turn = await wholeTurn(client, request, signal);
    parts.onTurn(turn, request);
    if (turn.text) yield event({ kind: 'said', text: turn.text });
    if (turn.calls.length === 0)
      return yield event({ kind: 'ended', because: 'nothing more to read or to suggest' });

    const stuck = turn.calls.find((call) => repeats(asked, call) > MOST_REPEATS);
    if (stuck) return yield event({ kind: 'ended', because: `it kept asking for the same ${stuck.name}` });
    for (const _call of turn.calls) budget.countRead();
    const handled = await Promise.all(turn.calls.map((call) => gateway.handle(call, signal)));
    for (const { step } of handled) yield event(step);
    messages.push({ role: 'assistant', text: turn.text, calls: turn.calls });
    messages.push({ role: 'tools', results: handled.map(({ result }) => result) });
  }
}

async function wholeTurn(
  client: ModelClient,
  request: Parameters<ModelClient['turn']>[0],
  signal: AbortSignal,
): Promise<Turn> {
  const stream = client.turn(request, signal);
  for (;;) {
    const next = await stream.next();
    if (next.done) return next.value;
  }
}

function repeats(asked: Map<string, number>, { name, input }: ToolCall): number {
  const key = `${name} ${JSON.stringify(input)}`;
  const times = (asked.get(key) ?? 0) + 1;
  asked.set(key, times);
  return times;
}
