import { z } from 'zod';
import type { ModelPrice, RunConclusion } from '../../../shared/vocabulary/model.ts';
import { costOf } from '../price.ts';
import { stateHypotheses } from '../state-hypotheses.ts';
import type { RecordedStep } from './recording.ts';
import { wishOf } from './replay-gateway.ts';

type Answer = Extract<RecordedStep, { kind: 'answer' }>;

const Stated = z.object({
  hypotheses: z.array(z.object({ claim: z.string(), cause: z.string().nullable(), confidence: z.number() })),
});
const Ranked = z.object({ ranked: z.array(z.object({ claim: z.string() })) });
const Concluded = z.object({ conclusion: z.object({ kind: z.string() }) });

/** What a run came to, from what happened in it. Pure: the run on record and the replayed one are read alike. */
export function conclusionOf(
  run: { model: string; price: ModelPrice | null; text(digest: string): string | undefined },
  steps: readonly RecordedStep[],
): RunConclusion {
  const answers = steps.filter((step): step is Answer => step.kind === 'answer');
  const turns = steps.filter((step) => step.kind === 'turn');
  const counted = turns.flatMap(({ tokens }) => (tokens ? [tokens] : []));
  const ended = steps.find((step) => step.kind === 'ended');
  return {
    model: run.model,
    ...statedIn(answers, run.text),
    proposals: answers
      .filter(({ call }) => call.name.startsWith('propose_'))
      .map(({ call, failed, verdict }) => ({
        proposal: wishOf(call),
        verdict: failed ? 'refused' : (verdict ?? 'unknown'),
      })),
    turns: turns.length,
    tokens: counted.length === 0 ? null : counted.reduce((sum, { input, output }) => sum + input + output, 0),
    usd: priced(counted, run.price),
    ended: ended?.because ?? 'it did not end',
  };
}

/** What was stated last, as code left it: its order of the causes, and its conclusion where it drew one. */
function statedIn(
  answers: readonly Answer[],
  text: (digest: string) => string | undefined,
): Pick<RunConclusion, 'causes' | 'conclusion'> {
  const last = answers.findLast(({ call, failed }) => call.name === stateHypotheses.name && !failed);
  const stated = Stated.safeParse(last?.call.input).data;
  if (!last || !stated) return { causes: [], conclusion: null };
  const answer: unknown = JSON.parse(text(last.digest) ?? 'null');
  const order = Ranked.safeParse(answer).data?.ranked.map(({ claim }) => claim) ?? [];
  const place = (claim: string) => (order.includes(claim) ? order.indexOf(claim) : order.length);
  const causes = [...stated.hypotheses]
    .sort((a, b) => place(a.claim) - place(b.claim) || b.confidence - a.confidence)
    .map(({ cause }) => cause);
  const concluded = Concluded.safeParse(answer).data ?? Concluded.safeParse(last.call.input).data;
  return { causes, conclusion: concluded?.conclusion.kind ?? null };
}

const priced = (
  counted: readonly { input: number; output: number }[],
  price: ModelPrice | null,
): number | null =>
  price === null || counted.length === 0
    ? null
    : counted.reduce((sum, tokens) => sum + costOf(tokens, price), 0);
