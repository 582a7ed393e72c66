import canonicalize from 'canonicalize';
import { z } from 'zod';
import { messageOf } from '../../platform/failure.ts';
import { answerQuestion } from '../answer-question.ts';
import type { ToolCall, ToolResult } from '../model-client.ts';
import { escalateTool } from '../propose-tool.ts';
import { stateHypotheses } from '../state-hypotheses.ts';
import type { Handled, ToolGateway } from '../tool-gateway.ts';
import type { RecordedStep } from './recording.ts';
import type { StoredRun } from './stored-run.ts';

type Answer = Extract<RecordedStep, { kind: 'answer' }>;

/** The verdict on a proposal that the run on record did not make: without the world at that time nobody can judge it. */
export const NOT_JUDGED = 'not judged';

/**
 * A gateway that asks nobody: reads are answered with what the record holds for the same tool and arguments, in the order
 * it was answered then. There is no way from here to a source, a proposal or the ledger.
 */
export function replayGateway({ steps, tools, text }: StoredRun) {
  const answers = steps.filter((step): step is Answer => step.kind === 'answer');
  const byArguments = grouped(answers, ({ call }) => keyOf(call));
  const byWish = grouped(answers.filter(isWish), ({ call }) => wishOf(call));
  let notRecorded = 0;

  function handled(call: ToolCall, result: Omit<ToolResult, 'call'>, verdict?: string): Handled {
    const step =
      verdict === undefined
        ? ({ kind: 'said', text: call.name } as const)
        : ({ kind: 'proposed', proposal: '', title: call.name, verdict } as const);
    return { result: { call: call.id, ...result }, step };
  }

  const stored = (call: ToolCall, { digest, failed, verdict, call: { name } }: Answer): Handled | null => {
    const body = text(digest);
    return body === undefined
      ? null
      : handled(call, { text: body, failed }, isWishName(name) ? verdict : undefined);
  };

  function fromRecord(call: ToolCall): Handled | null {
    const same = nextOf(byArguments.get(keyOf(call)));
    if (same) return stored(call, same);
    const wish = isWishName(call.name) ? nextOf(byWish.get(wishOf(call))) : undefined;
    return wish ? stored(call, wish) : null;
  }

  /** What changes nothing outside can be answered without a record: its answer only says that it was taken. */
  function withoutRecord(call: ToolCall): Handled {
    if (call.name === stateHypotheses.name) return handled(call, answerTo(call));
    if (call.name === answerQuestion.name) return handled(call, said({ answered: true }));
    if (call.name === escalateTool.name) return handled(call, said({ escalated: true }));
    if (isWishName(call.name))
      return handled(call, said({ proposal: 'not recorded', verdict: NOT_JUDGED, rules: [] }), NOT_JUDGED);
    notRecorded += 1;
    return handled(call, {
      ...said({ failed: 'Not recorded: the run that is replayed did not ask for this.' }),
      failed: true,
    });
  }

  return {
    specs: tools,
    handle: async (call: ToolCall): Promise<Handled> => fromRecord(call) ?? withoutRecord(call),
    /** How many calls the record does not hold, so far. */
    notRecorded: (): number => notRecorded,
  } satisfies Pick<ToolGateway, 'specs' | 'handle'> & { notRecorded(): number };
}

const isWishName = (name: string): boolean => name.startsWith('propose_');
const isWish = ({ call }: Answer): boolean => isWishName(call.name);

const said = (value: object) => ({ text: JSON.stringify(value), failed: false });

/** Hypotheses as the model weighs them itself: the ceilings of code rest on a record this model did not read. */
function answerTo(call: ToolCall): Omit<ToolResult, 'call'> {
  const given = stateHypotheses.input.safeParse(call.input);
  if (!given.success) return { ...said({ failed: messageOf(given.error) }), failed: true };
  const ranked = given.data.hypotheses
    .map(({ claim, confidence }) => ({ claim, confidence }))
    .sort((a, b) => b.confidence - a.confidence);
  return said({ stated: ranked.length, dropped: 0, ranked });
}

const keyOf = ({ name, input }: ToolCall): string => `${name} ${canonicalize(input) ?? ''}`;

const Wish = z.object({ input: z.unknown() });

/** What is proposed, without the words around it: those no two models share. */
export function wishOf({ name, input }: ToolCall): string {
  const wished = Wish.safeParse(input).data?.input;
  return `${name.slice('propose_'.length).replaceAll('_', '-')} ${canonicalize(wished) ?? ''}`;
}

type Queue = { answers: Answer[]; next: number };

function grouped(answers: readonly Answer[], keyOf: (answer: Answer) => string): Map<string, Queue> {
  const queues = new Map<string, Queue>();
  for (const answer of answers) {
    const queue = queues.get(keyOf(answer)) ?? { answers: [], next: 0 };
    queue.answers.push(answer);
    queues.set(keyOf(answer), queue);
  }
  return queues;
}

/** The next answer; the last one again and again. */
function nextOf(queue: Queue | undefined): Answer | undefined {
  if (!queue) return undefined;
  const answer = queue.answers[Math.min(queue.next, queue.answers.length - 1)];
  queue.next += 1;
  return answer;
}
