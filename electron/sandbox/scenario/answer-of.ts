import { configMapOf } from '../cluster/create-cluster.ts';
import type { MadeChange } from '../simulation.ts';
import type { DrillAnswer, Remedy } from './answer.ts';
import type { Drill } from './draw-drill.ts';
import type { Role, Scenario } from './scenario.ts';

/** What was drawn and what became of it, as an answer that a drill can be scored by. */
export function answerOf(options: {
  scenario: Scenario;
  drill: Drill;
  startMs: number;
  alertedMs: number;
  made: readonly MadeChange[];
}): DrillAnswer {
  const { scenario, drill, startMs, alertedMs, made } = options;
  const { truth, helps, harms, conclusion } = scenario;
  const service = (role: Role): string | null => (role === 'anywhere' ? null : drill.roles[role]);
  const remedies = (told: Scenario['helps']): Remedy[] =>
    told.map(({ action, on, because }) => ({
      action,
      target: objectOf(action, service(on)),
      sentence: because,
    }));

  /** Each action has its own object: what belongs to a service carries its name. */
  function objectOf(action: string, name: string | null): string | null {
    if (name === null) return null;
    if (action === 'revert-config') return configMapOf(name);
    if (action === 'set-flag')
      return drill.faults.find((one) => one.service === name && one.fault.kind === 'flag')?.flag ?? null;
    return name;
  }

  const right = remedies(helps);
  return {
    changes: truth.changes.flatMap((wanted) =>
      made.flatMap(({ entry, id }) =>
        entry.part?.kind === 'fault' && entry.part.name === wanted ? [id] : [],
      ),
    ),
    services: truth.services.flatMap((role) => service(role) ?? []),
    decoys: made.flatMap(({ entry, id }) => (entry.part?.kind === 'decoy' ? [id] : [])),
    beganMs: Math.min(startMs + drill.momentMs, ...drill.faults.map(({ offsetMs }) => startMs + offsetMs)),
    alertedMs,
    helps: right,
    harms: remedies(harms).filter((harm) => !right.some((help) => isSame(help, harm))),
    conclusion,
  };
}

/** Roles may fall on one service: what helps there is no harm because it also alerts. */
const isSame = (one: Remedy, other: Remedy): boolean =>
  one.action === other.action && one.target === other.target;
