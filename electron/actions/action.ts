import type { z } from 'zod';
import type { BlastClass, Target } from '../../shared/vocabulary/proposal.ts';
import type {
  ClusterControl,
  ClusterReader,
  FlagControl,
  FlagReader,
  Ports,
  SystemKind,
  Systems,
  WriteOptions,
  WriteResult,
} from '../connectors/source.ts';

/** Passed on for who drives actions: a system is reached through its connector only. */
export type { ClusterControl, ClusterReader, FlagControl, FlagReader, Systems, WriteResult };

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
  managedBy: string | null;
  /** Services the target serves, beside one of its own name: a connection must have reported one of them. */
  concerns: string[];
  /** The number that it changes, where there is one, as the envelope bounds it. */
  moves: { of: Bounded; from: number; to: number } | null;
  /** The facts it rests on; `preflight` compares them with what is there then. */
  seen: Record<string, Json>;
};

/** `atMs` is when it was meant, for what is written with a time in it. */
export type ExecuteOptions = WriteOptions & { atMs: number };

/** Numbers that the envelope bounds. */
export type Bounded = 'replicas' | 'weight' | 'percent';

/** Whether a plan still stands on the state as it is now. */
export type Preflight = { kind: 'unchanged' } | { kind: 'drifted'; because: string };

export type Permission = { verb: 'get' | 'list' | 'patch' | 'update'; resource: string };

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
  permissions: readonly Permission[];
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
  /** The input of this same action that undoes it. */
  backOut(input: Input, seen: Plan['seen']): Input;
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
};

/** An action as those see it who list and drive all of them. */
export type Action = {
  name: string;
  on: SystemKind;
  purpose: string;
  input: z.ZodType;
  permissions: readonly Permission[];
  target(input: unknown): Target;
  backOut(input: unknown, seen: Plan['seen']): unknown;
  /** Null where the connection is of another kind: an action never meets a system that it was not written for. */
  reach(systems: Systems): Reach | null;
};

/** Keeps an action's own types while it is written, and closes over them where actions are listed. */
export function defineAction<Kind extends SystemKind, Input>(action: ActionOn<Kind, Input>): Action {
  const { name, on, purpose, input, permissions } = action;
  return {
    name,
    on,
    purpose,
    input,
    permissions,
    target: (given) => action.target(input.parse(given)),
    backOut: (given, seen) => action.backOut(input.parse(given), seen),
    reach(systems) {
      const system: Ports[Kind] | undefined = systems[on];
      if (!system) return null;
      const { reader, control } = system;
      return {
        plan: (given, signal) => action.plan(input.parse(given), reader, signal),
        preflight: (given, seen, signal) => action.preflight(input.parse(given), seen, reader, signal),
        execute: (given, seen, options, signal) =>
          action.execute(input.parse(given), seen, control, options, signal),
      };
    },
  };
}
