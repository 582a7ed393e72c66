import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { DrillAnswer } from '../drills/facts.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { RealmDesk } from './realm.ts';

/** What really happened in a drill, from what its environment tells of itself. */
export function drillAnswer(
  { truth, scenario }: Sandbox,
  { timeline, incidents, candidatesOf }: RealmDesk,
  id: IncidentId,
): DrillAnswer {
  const { changes, services } = truth;
  // An alert opens the incident the moment it fires.
  const { openedMs: alertedMs } = incidents.find(id);
  const events = timeline.ofIncident(id);
  const titles = changes.map((key) => events.find((event) => event.key === key)?.title ?? key);
  const remedies = (given: typeof scenario.helps) =>
    given
      .filter(({ on }) => on === 'culprit')
      .flatMap(({ action, because }) =>
        services.map((target) => ({
          action,
          target,
          sentence: because ?? `${sentenceCase(action.replaceAll('-', ' '))} ${target}.`,
        })),
      );
  return {
    changes,
    services,
    decoys: [],
    beganMs: Math.min(candidatesOf(id)?.candidates.onsetMs ?? alertedMs, alertedMs),
    alertedMs,
    helps: remedies(scenario.helps),
    harms: remedies(scenario.harms),
    conclusion: `The trouble was in ${services.join(', ')}: ${titles.join(', ')}.`,
  };
}

const sentenceCase = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
