import { Failure } from '../platform/failure.ts';
import { hash32, randomOf } from './random.ts';
import { type Drill, drawDrill, type ScriptEntry } from './scenario/draw-drill.ts';
import type { Scenario } from './scenario/scenario.ts';
import { createSimulation, type Simulation } from './simulation.ts';

/** The alert comes within this time of the fault, or the draw is no good. */
const patienceMs = 10 * 60_000;
const maxDraws = 8;

/**
 * A world that has lived through its history up to now, with an alert that has been firing for half a minute or so.
 * When it fires only the world itself can tell, so each draw is first lived through once to find out; the real one then
 * starts at the second that puts the alert where it belongs. A draw whose alert fires before the fault, or never, is
 * drawn again.
 */
export function openDrill(
  scenario: Scenario,
  seed: number,
  nowMs: number,
): { drill: Drill; simulation: Simulation } {
  const { topology } = scenario;
  for (let attempt = 0; attempt < maxDraws; attempt++) {
    const drill = drawDrill(scenario, attempt === 0 ? seed : hash32(`${seed}/again/${attempt}`));
    const firesAfterMs = rehearse(scenario, drill, nowMs);
    if (firesAfterMs === null) continue;
    const firingForMs = randomOf(drill.seed, 'firing').integer(32, 58) * 1_000;
    // Whole seconds, since Kubernetes knows no others: the two lives must not differ by rounding.
    const startMs = Math.floor(nowMs / 1_000) * 1_000 - firesAfterMs - firingForMs;
    const responses = drill.responses.map(
      (entry): ScriptEntry => ({ ...entry, offsetMs: entry.offsetMs + firesAfterMs }),
    );
    const simulation = createSimulation({
      topology,
      drill,
      startMs,
      script: [...drill.script, ...responses],
      alertsFromMs: startMs + drill.faultOffsetMs,
    });
    simulation.advanceTo(nowMs);
    return { drill, simulation };
  }
  throw new Failure(
    'bad_input',
    `Scenario ${scenario.name} raised no alert after its fault in ${maxDraws} draws (or raised one before); its effects or its alert rules need changing.`,
  );
}

/** Time from the start to the first firing alert, or null when that is not what a drill needs. */
function rehearse(scenario: Scenario, drill: Drill, nowMs: number): number | null {
  const startMs = Math.floor(nowMs / 1_000) * 1_000 - drill.faultOffsetMs;
  const faultMs = startMs + drill.faultOffsetMs;
  const { topology } = scenario;
  const simulation = createSimulation({
    topology,
    drill,
    startMs,
    script: drill.script,
    alertsFromMs: faultMs,
  });
  simulation.advanceTo(faultMs);
  if (simulation.everAlarmed()) return null;
  for (let atMs = faultMs; atMs <= faultMs + patienceMs; atMs += 15_000) {
    simulation.advanceTo(atMs);
    const firedMs = simulation.firstFiredMs();
    if (firedMs !== null) return firedMs - startMs;
  }
  return null;
}
