import type { ProposalId } from '../../shared/vocabulary/ids.ts';
import type {
  Decision,
  Execution,
  Outcome,
  Progress,
  SignedAnswer,
  Trace,
  Watch,
} from '../../shared/vocabulary/proposal.ts';

/** What can happen to a proposal. */
export type Step =
  /** The first of two approvals: it stays offered until another person answers. */
  | { kind: 'countersign'; approval: SignedAnswer }
  | { kind: 'approve'; decision: Decision }
  | { kind: 'refuse'; decision: Decision }
  /** Stage `shadow`: answered, and nothing will be executed. */
  | { kind: 'judge'; decision: Decision; because: string }
  | { kind: 'expire'; atMs: number; because: string }
  | { kind: 'void'; atMs: number; because: string }
  | { kind: 'withdraw'; atMs: number; person: string; because: string }
  | { kind: 'intend'; atMs: number }
  | { kind: 'tell'; atMs: number; sentence: string }
  | { kind: 'apply'; atMs: number; watch: Watch }
  | { kind: 'fail'; atMs: number; because: string }
  | { kind: 'lose'; atMs: number; because: string }
  | { kind: 'sample'; samples: Watch['samples'] }
  | { kind: 'conclude'; outcome: Outcome; sentence: string }
  | { kind: 'trace'; trace: Trace }
  | { kind: 'resolve'; applied: boolean; atMs: number; because: string }
  | { kind: 'back-out'; by: ProposalId; atMs: number; sentence: string };

/**
 * The one state machine of a proposal: the progress after a step, or null where the step is not possible in this
 * state. INVARIANT: nothing reaches `executing` but through `approved`, and nothing leaves `executing` towards
 * `executing`, so one decision leads to at most one execution.
 */
export function advance(progress: Progress, step: Step): Progress | null {
  switch (progress.state) {
    case 'offered':
      return fromOffered(progress, step);
    case 'approved':
      return fromApproved(progress, step);
    case 'executing':
      return fromExecuting(progress, step);
    case 'unknown':
      return fromUnknown(progress, step);
    case 'watching':
      return fromWatching(progress, step);
    case 'done':
      return fromDone(progress, step);
    case 'denied':
    case 'escalated':
    case 'expired':
    case 'withdrawn':
    case 'voided':
    case 'refused':
    case 'judged':
    case 'failed':
      return null;
  }
}

type In<S extends Progress['state']> = Extract<Progress, { state: S }>;

function fromOffered({ approvals }: In<'offered'>, step: Step): Progress | null {
  switch (step.kind) {
    case 'countersign':
      return approvals ? null : { state: 'offered', approvals: [step.approval] };
    case 'approve':
      return { state: 'approved', decision: step.decision };
    case 'refuse':
      return { state: 'refused', decision: step.decision };
    case 'judge':
      return { state: 'judged', decision: step.decision, because: step.because };
    case 'expire':
      return { state: 'expired', atMs: step.atMs, because: step.because };
    case 'withdraw':
      return { state: 'withdrawn', atMs: step.atMs, person: step.person, because: step.because };
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
    case 'apply':
      return {
        state: 'watching',
        decision,
        execution: ended(execution, step.atMs),
        watch: { ...step.watch, samples: [] },
      };
    default:
      return null;
  }
}

function fromUnknown(progress: In<'unknown'>, step: Step): Progress | null {
  const { decision, execution } = progress;
  switch (step.kind) {
    case 'trace':
      return { ...progress, trace: step.trace };
    case 'resolve': {
      const { because, atMs } = step;
      if (!step.applied) return { state: 'failed', decision, execution, because };
      const watch: Watch = { before: null, samples: [], untilMs: atMs };
      return { state: 'done', decision, execution, watch, outcome: 'inconclusive', sentence: because };
    }
    default:
      return null;
  }
}

function fromWatching(progress: In<'watching'>, step: Step): Progress | null {
  const { watch } = progress;
  switch (step.kind) {
    case 'sample': {
      const samples = [...watch.samples, ...step.samples];
      return { ...progress, watch: { ...watch, samples } };
    }
    case 'conclude': {
      const { outcome, sentence } = step;
      return { ...progress, state: 'done', outcome, sentence };
    }
    // What is undone while it is watched can be watched no longer.
    case 'back-out': {
      const { by, atMs, sentence } = step;
      return { ...progress, state: 'done', outcome: 'inconclusive', sentence, backedOut: { by, atMs } };
    }
    default:
      return null;
  }
}

function fromDone(progress: In<'done'>, step: Step): Progress | null {
  if (step.kind !== 'back-out' || progress.backedOut) return null;
  return { ...progress, backedOut: { by: step.by, atMs: step.atMs } };
}

const ended = (execution: Execution, atMs: number): Execution => ({ ...execution, endedMs: atMs });
