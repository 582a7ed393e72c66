import type { z } from 'zod';
import type { BlastClass, Target } from '../../shared/vocabulary/proposal.ts';
import type { ClusterControl, ClusterReader, WriteOptions, WriteResult } from '../connectors/source.ts';

/** Passed on for who drives actions: a system is reached through its connector only. */
export type { ClusterControl, ClusterReader, WriteResult };

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
  /** The facts it rests on; `preflight` compares them with what is there then. */
  seen: Record<string, Json>;
};

/** Whether a plan still stands on the state as it is now. */
export type Preflight = { kind: 'unchanged' } | { kind: 'drifted'; because: string };

/**
 * One action, one file: what it needs, what it would do, whether that still holds, the doing, the way back.
 * `plan` and `preflight` only read. `execute` makes the one request and never repeats it.
 */
export type Action<Input = unknown> = {
  name: string;
  /** For the analyst and the palette. */
  purpose: string;
  input: z.ZodType<Input>;
  permissions: readonly { verb: 'get' | 'list' | 'patch'; resource: string }[];
  target(input: Input): Target;
  plan(input: Input, cluster: ClusterReader, signal: AbortSignal): Promise<Plan>;
  preflight(
    input: Input,
    seen: Plan['seen'],
    cluster: ClusterReader,
    signal: AbortSignal,
  ): Promise<Preflight>;
  execute(
    input: Input,
    control: ClusterControl,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
  /** The input of this same action that undoes it. */
  backOut(input: Input, seen: Plan['seen']): Input;
};

/** Keeps an action's own input type while it is written, and forgets it where actions are listed. */
export const defineAction = <Input>(action: Action<Input>): Action => action as unknown as Action;
