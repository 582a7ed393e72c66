import type { z } from 'zod';
import type { BlastClass, Target } from '../../shared/vocabulary/proposal.ts';
import type {
  AccessAnswer,
  ClusterControl,
  ClusterReader,
  FlagControl,
  FlagReader,
  ManagedBy,
  Ownership,
  Ports,
  SystemKind,
  Systems,
  WriteOptions,
  WriteResult,
} from '../connectors/source.ts';

/** Passed on for who drives actions: a system is reached through its connector only. */
export type {
  AccessAnswer,
  ClusterControl,
  ClusterReader,
  FlagControl,
  FlagReader,
  Ownership,
  Systems,
  WriteResult,
};

export type Json = z.infer<ReturnType<typeof z.json>>;

/** What an action will do, told before it is done, from state read for it. */
export type Plan = {
  title: string;
  command: string;
  blastRadius: { class: BlastClass; sentence: string };
  reversible: boolean;
  backOutCommand: string;
  preconditions: string[];
  serviceTier: number | null;
  managedBy: ManagedBy;
  /** Who would take a live edit back, or drift from it, and what to do instead. Said with the blast radius. */
  ownership: Ownership | null;
  /** What it touches, counted from live state. */
  touches: Touched;
  /** Whether what it touches keeps data: a StatefulSet, claimed volumes, a database. */
  keepsData: boolean;
  /** The backup that is being made of it, as a sentence, or null. */
  backupRunning: string | null;
  /** Services the target serves, beside one of its own name: a connection must have reported one of them. */
  concerns: string[];
  /** The number that it changes, where there is one, as the envelope bounds it. */
  moves: { of: Bounded; from: number; to: number } | null;
  /** The facts it rests on; `preflight` compares them with what is there then. */
  seen: Record<string, Json>;
};

/** Objects that a plan has an effect on. `services` are named as their workloads; an unknown tier is null. */
export type Touched = {
  pods: number;
  workloads: string[];
  services: { name: string; tier: number | null }[];
};

export type ExecuteOptions = WriteOptions & {
  /** When it was meant, for what is written with a time in it. */
  atMs: number;
  /** What takes several requests sends no further one once this is aborted, and says how far it came. */
  halt?: AbortSignal;
  /** Told of each step of what takes several requests. */
  tell?: (sentence: string) => void;
};

/** What undoes an action: an action, by its name, and its input. */
export type BackOut = { action: string; input: unknown };

/** The server's word on a write that it only tried, or why it cannot be tried. */
export type Trial =
  | { kind: 'passed'; sentence: string }
  | { kind: 'refused'; because: string }
  | { kind: 'cannot-try'; because: string };

/** What a system shows of a write whose answer was lost. */
export type Trace = { kind: 'was' | 'was-not' | 'cannot-tell'; evidence: string };

/** Numbers that the envelope bounds. */
export type Bounded = 'replicas' | 'weight' | 'percent';

/** Whether a plan still stands on the state as it is now. */
export type Preflight = { kind: 'unchanged' } | { kind: 'drifted'; because: string };

/**
 * One right at the system. `resource` names a subresource after a slash. `cluster` is what a role in one namespace cannot
 * give: nodes, and the pods of a node wherever they are.
 */
export type Permission = {
  verb: 'get' | 'list' | 'patch' | 'update' | 'create';
  group: '' | 'apps' | 'autoscaling' | 'batch' | 'policy' | 'networking.k8s.io' | 'gateway.networking.k8s.io';
  resource: string;
  scope: 'namespace' | 'cluster';
};

/** A right in the namespace of the target. */
export const inNamespace = (
  verb: Permission['verb'],
  group: Permission['group'],
  resource: string,
): Permission => ({ verb, group, resource, scope: 'namespace' });

/**
 * One action, one file: what it needs, what it would do, whether that still holds, the doing, the way back. `on` names
 * the kind of system it is for, and with it the only reader and control that it is ever given.
 * `plan` and `preflight` only read. `execute` makes the one request and never repeats it.
 */
export type ActionOn<Kind extends SystemKind, Input> = {
  name: string;
  on: Kind;
  /** For the analyst and the palette. */
  purpose: string;
  input: z.ZodType<Input>;
  /** Everything that any input of it, its way back and its tracing take, and nothing more: roles are written from it. */
  permissions: readonly Permission[];
  /** What of these one input takes, where that is less. */
  needs?(input: Input, seen: Plan['seen']): readonly Permission[];
  /** How long the execution may take, where one request is not all of it. */
  takesMs?: number;
  target(input: Input): Target;
  plan(input: Input, reader: Ports[Kind]['reader'], signal: AbortSignal): Promise<Plan>;
  preflight(
    input: Input,
    seen: Plan['seen'],
    reader: Ports[Kind]['reader'],
    signal: AbortSignal,
  ): Promise<Preflight>;
  /** `seen` is what was planned on: where the server can, it refuses the write unless that still holds. */
  execute(
    input: Input,
    seen: Plan['seen'],
    control: Ports[Kind]['control'],
    options: ExecuteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
  /** What undoes it; null where the cluster undoes it by itself and nothing is to be sent. */
  backOut(input: Input, seen: Plan['seen']): BackOut | null;
  /**
   * Tries what undoes it while things still stand as they are. Left out, this action tries its own way back; null where
   * the system can answer only after it has happened.
   */
  tryBackOut?:
    | ((
        input: Input,
        seen: Plan['seen'],
        control: Ports[Kind]['control'],
        options: ExecuteOptions,
        signal: AbortSignal,
      ) => Promise<WriteResult>)
    | null;
  /** Looks for the write of an intent whose answer was lost. Only reads. */
  trace(
    input: Input,
    seen: Plan['seen'],
    lost: { intent: string; atMs: number },
    reader: Ports[Kind]['reader'],
    signal: AbortSignal,
  ): Promise<Trace>;
};

/** An action joined to the system of its target; whatever input it is given it checks with its own schema. */
export type Reach = {
  plan(input: unknown, signal: AbortSignal): Promise<Plan>;
  preflight(input: unknown, seen: Plan['seen'], signal: AbortSignal): Promise<Preflight>;
  execute(
    input: unknown,
    seen: Plan['seen'],
    options: ExecuteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
  /** Asks the system to check the action and change nothing. Never throws for what the system answers. */
  dryRun(input: unknown, seen: Plan['seen'], options: TrialOptions, signal: AbortSignal): Promise<Trial>;
  /** The same for what undoes it, on things as they are before the action. */
  dryRunBackOut(
    input: unknown,
    seen: Plan['seen'],
    options: TrialOptions,
    signal: AbortSignal,
  ): Promise<Trial>;
  trace(
    input: unknown,
    seen: Plan['seen'],
    lost: { intent: string; atMs: number },
    signal: AbortSignal,
  ): Promise<Trace>;
};

export type TrialOptions = Pick<ExecuteOptions, 'intent' | 'atMs'>;

/** An action as those see it who list and drive all of them. */
export type Action = {
  name: string;
  on: SystemKind;
  purpose: string;
  input: z.ZodType;
  permissions: readonly Permission[];
  /** The permissions that one input takes. */
  needs(input: unknown, seen: Plan['seen']): readonly Permission[];
  /** How long an execution may take. */
  takesMs: number;
  target(input: unknown): Target;
  backOut(input: unknown, seen: Plan['seen']): BackOut | null;
  /** Null where the connection is of another kind: an action never meets a system that it was not written for. */
  reach(systems: Systems): Reach | null;
};

/** One request and what is read around it. */
const ONE_REQUEST_MS = 10_000;

/** Keeps an action's own types while it is written, and closes over them where actions are listed. */
export function defineAction<Kind extends SystemKind, Input>(action: ActionOn<Kind, Input>): Action {
  const { name, on, purpose, input, permissions, takesMs = ONE_REQUEST_MS } = action;
  return {
    name,
    on,
    purpose,
    input,
    permissions,
    takesMs,
    needs: (given, seen) => action.needs?.(input.parse(given), seen) ?? permissions,
    target: (given) => action.target(input.parse(given)),
    backOut: (given, seen) => action.backOut(input.parse(given), seen),
    reach(systems) {
      const system: Ports[Kind] | undefined = systems[on];
      if (!system) return null;
      const { reader, control } = system;
      return {
        plan: async (given, signal) => withOwner(await action.plan(input.parse(given), reader, signal)),
        preflight: (given, seen, signal) => action.preflight(input.parse(given), seen, reader, signal),
        execute: (given, seen, options, signal) =>
          action.execute(input.parse(given), seen, control, options, signal),
        dryRun: async (given, seen, options, signal) =>
          trialOf(
            await action.execute(input.parse(given), seen, control, { ...options, dryRun: true }, signal),
          ),
        dryRunBackOut: async (given, seen, options, signal) =>
          wayBackTried(action, input.parse(given), seen, control, { ...options, dryRun: true }, signal),
        trace: (given, seen, lost, signal) => action.trace(input.parse(given), seen, lost, reader, signal),
      };
    },
  };
}

/** Whoever owns the target besides people stands in what is shown and signed. */
function withOwner(plan: Plan): Plan {
  if (plan.ownership === null) return plan;
  const sentence = `${plan.blastRadius.sentence}; ${plan.ownership.sentence}`;
  return { ...plan, blastRadius: { ...plan.blastRadius, sentence } };
}

async function wayBackTried<Kind extends SystemKind, Input>(
  action: ActionOn<Kind, Input>,
  input: Input,
  seen: Plan['seen'],
  control: Ports[Kind]['control'],
  options: ExecuteOptions,
  signal: AbortSignal,
): Promise<Trial> {
  if (action.tryBackOut === null) {
    return { kind: 'cannot-try', because: 'What undoes it cannot be tried before it has happened' };
  }
  const back = action.backOut(input, seen);
  if (back === null) return { kind: 'cannot-try', because: 'Nothing is sent to undo it' };
  const tried = action.tryBackOut
    ? action.tryBackOut(input, seen, control, options, signal)
    : action.execute(action.input.parse(back.input), seen, control, options, signal);
  return trialOf(await tried);
}

/** No answer is no yes. */
const trialOf = (result: WriteResult): Trial =>
  result.kind !== 'applied'
    ? { kind: 'refused', because: result.because }
    : result.checkedHere
      ? { kind: 'cannot-try', because: result.sentence }
      : { kind: 'passed', sentence: result.sentence };
