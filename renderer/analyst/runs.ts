import type { AnalystStep } from '../../shared/vocabulary/analyst.ts';

/** The steps of one run, or of one question and its answer. */
export type RunSteps = { first: number; heading: string; reads: number; steps: AnalystStep[] };

/** The steps by run, oldest first. A question begins a run, and so does a start that answers none. */
export function runsOf(steps: readonly AnalystStep[]): RunSteps[] {
  const runs: RunSteps[] = [];
  for (const step of steps) {
    const current = runs.at(-1);
    const { kind } = step.step;
    const answers = kind === 'started' && current?.steps.at(-1)?.step.kind === 'asked';
    if (!current || kind === 'asked' || (kind === 'started' && !answers))
      runs.push({ first: step.seq, heading: headingOf(step), reads: 0, steps: [step] });
    else {
      current.steps.push(step);
      if (kind === 'read') current.reads += 1;
    }
  }
  return runs;
}

function headingOf({ step }: AnalystStep): string {
  if (step.kind === 'asked') return `${step.person} asked: ${step.question}`;
  return step.kind === 'started' ? step.because : 'Earlier';
}
