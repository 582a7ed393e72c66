/** A change as the drill's script has it, before it becomes objects in the world. */
export type ScriptedChange = { service: string; actor: string } & (
  | { kind: 'deploy'; version: string; cause: string }
  /** A flag is on for this share of requests, in percent. */
  | { kind: 'flag'; flag: string; percent: number }
  | { kind: 'config'; setting: string; value: string }
  | { kind: 'scale'; replicas: number }
  /** The weight of an entry in the world's traffic; 100 is the ordinary one. */
  | { kind: 'weight'; weight: number }
  | { kind: 'canary'; weight: number }
  | { kind: 'node'; variant: number }
  | { kind: 'backup'; minutes: number }
);

/** What a change is in the story; ordinary life has no part. */
export type Part = { kind: 'fault'; name: string } | { kind: 'decoy' };

/** `offsetMs` counts from the beginning of the history. */
export type ScriptEntry = { offsetMs: number; change: ScriptedChange; part: Part | null };
