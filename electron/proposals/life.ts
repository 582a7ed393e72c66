import type { Decision, Execution, Outcome, Progress, Watch } from '../../shared/vocabulary/proposal.ts';

/** What can happen to a proposal. */
export type Step =
  | { kind: 'approve'; decision: Decision }
  | { kind: 'refuse'; decision: Decision }
  | { kind: 'expire'; atMs: number; because: string }
  | { kind: 'void'; atMs: number; because: string }
  | { kind: 'intend'; atMs: number }
  | { kind: 'tell'; atMs: number; sentence: string }
  | { kind: 'apply'; atMs: number; before: number | null; untilMs: number }
  | { kind: 'fail'; atMs: number; because: string }
  | { kind: 'lose'; atMs: number; because: string }
  | { kind: 'sample'; atMs: number; value: number | null }
  | { kind: 'conclude'; outcome: Outcome; sentence: string }
  | { kind: 'resolve'; applied: boolean; atMs: number; because: string };

/**
 * The one state machine of a proposal: the progress after a step, or null where the step is not possible in this
 * state. INVARIANT: nothing reaches `executing` but through `approved`, and nothing leaves `executing` towards
 * `executing`, so one decision leads to at most one execution.
 */
export function advance(progress: Progress, step: Step): Progress | null {
  switch (progress.state) {
    case 'offered':
      return fromOffered(step);
    case 'approved':
      return fromApproved(progress, step);
    case 'executing':
      return fromExecuting(progress, step);
    case 'unknown':
      return fromUnknown(progress, step);
    case 'watching':
      return fromWatching(progress, step);
    case 'denied':
    case 'escalated':
    case 'expired':
    case 'voided':
    case 'refused':
    case 'failed':
    case 'done':
      return null;
  }
}

type In<S extends Progress['state']> = Extract<Progress, { state: S }>;

function fromOffered(step: Step): Progress | null {
  switch (step.kind) {
    case 'approve':
      return { state: 'approved', decision: step.decision };
    case 'refuse':
      return { state: 'refused', decision: step.decision };
    case 'expire':
      return { state: 'expired', atMs: step.atMs, because: step.because };
    case 'void':
      return { state: 'voided', atMs: step.atMs, because: step.because };
    default:
      return null;
  }
}

function fromApproved({ decision }: In<'approved'>, step: Step): Progress | null {
  switch (step.kind) {
    case 'intend': {
      const execution: Execution = { intentMs: step.atMs, steps: [], endedMs: null };
      return { state: 'executing', decision, execution };
    }
    case 'void':
      return { state: 'voided', atMs: step.atMs, because: step.because };
    default:
      return null;
  }
}

function fromExecuting({ decision, execution }: In<'executing'>, step: Step): Progress | null {
  switch (step.kind) {
    case 'tell': {
      const steps = [...execution.steps, { atMs: step.atMs, sentence: step.sentence }];
      return { state: 'executing', decision, execution: { ...execution, steps } };
    }
    case 'void':
      return { state: 'voided', atMs: step.atMs, because: step.because };
    case 'fail':
      return { state: 'failed', decision, execution: ended(execution, step.atMs), because: step.because };
    case 'lose':
      return { state: 'unknown', decision, execution: ended(execution, step.atMs), because: step.because };
    case 'apply': {
      const watch: Watch = { before: step.before, samples: [], untilMs: step.untilMs };
      return { state: 'watching', decision, execution: ended(execution, step.atMs), watch };
    }
    default:
      return null;
  }
}

function fromUnknown({ decision, execution }: In<'unknown'>, step: Step): Progress | null {
  if (step.kind !== 'resolve') return null;
  const { because, atMs } = step;
  if (!step.applied) return { state: 'failed', decision, execution, because };
  const watch: Watch = { before: null, samples: [], untilMs: atMs };
  return { state: 'done', decision, execution, watch, outcome: 'unknown', sentence: because };
}

function fromWatching({ decision, execution, watch }: In<'watching'>, step: Step): Progress | null {
  switch (step.kind) {
    case 'sample': {
      const samples = [...watch.samples, { atMs: step.atMs, value: step.value }];
      return { state: 'watching', decision, execution, watch: { ...watch, samples } };
    }
    case 'conclude': {
      const { outcome, sentence } = step;
      return { state: 'done', decision, execution, watch, outcome, sentence };
    }
    default:
      return null;
  }
}

const ended = (execution: Execution, atMs: number): Execution => ({ ...execution, endedMs: atMs });
