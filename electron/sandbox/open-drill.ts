import { Failure } from '../platform/failure.ts';
import { readNothingBut, rulesReach } from './prometheus/rules.ts';
import { hash32, randomOf } from './random.ts';
import type { DrillAnswer } from './scenario/answer.ts';
import { answerOf } from './scenario/answer-of.ts';
import { type Drill, drawDrill } from './scenario/draw-drill.ts';
import type { Scenario } from './scenario/scenario.ts';
import { createSimulation, type Simulation, scrapeMs, unservedMs } from './simulation.ts';
import type { LabelSets } from './world/mesh-metrics.ts';

const minuteMs = 60_000;
const mostFineMs = 45 * minuteMs;
const maxDraws = 16;
/** Long enough, beside what the rules look back, for the world to have come to rest. */
const settlingMs = 2 * minuteMs;
/**
 * A world with more services is wide. It is rehearsed, and lives up to now, in steps as long as scrapes; and it was
 * measured for a shorter time, though its cluster lived as long as any.
 */
const mostInNarrow = 120;
const wideHistoryMs = 40 * minuteMs;
/** No alert's expression may hold for this long before the moment: what is older is over and shown nowhere. */
const quietMs = 35 * minuteMs;

/**
 * A world that has lived through its history up to now, with an alert that has been firing for half a minute or so.
 * When it fires only the world itself can tell, so each draw is first rehearsed from shortly before the trouble begins;
 * the real one then starts at the second that puts the alert where it belongs. A draw whose alert fires too early, or
 * never, is drawn again.
 */
export function openDrill(scenario: Scenario, seed: number, nowMs: number): OpenedDrill {
  const opening = drillInPieces(scenario, seed, nowMs);
  for (;;) {
    const piece = opening.next();
    if (piece.done) return piece.value;
  }
}

/** The same, with a pause after each piece: it takes a second or two, in which nobody else would be heard. */
export function* drillInPieces(
  scenario: Scenario,
  seed: number,
  nowMs: number,
): Generator<void, OpenedDrill, void> {
  for (let attempt = 0; attempt < maxDraws; attempt++) {
    const drill = drawDrill(scenario, attempt === 0 ? seed : hash32(`${seed}/again/${attempt}`));
    const labelSets: LabelSets = new Map();
    const firesAfterMs = yield* rehearse({ scenario, drill, nowMs, labelSets });
    if (firesAfterMs === null) continue;
    const firingForMs = randomOf(drill.seed, 'firing').integer(...scenario.firingForSeconds) * 1_000;
    // Whole seconds, since Kubernetes knows no others: the two lives must not differ by rounding.
    const startMs = Math.floor(nowMs / 1_000) * 1_000 - firesAfterMs - firingForMs;
    const simulation = createSimulation({
      scenario,
      drill,
      startMs,
      script: drill.script,
      responses: drill.responses,
      alertsFromMs: startMs + drill.momentMs,
      fineFromMs: isWide(scenario) ? nowMs : startMs + fineFrom(scenario, drill),
      servesFromMs: startMs + (isWide(scenario) ? before(drill.momentMs - wideHistoryMs) : 0),
      labelSets,
    });
    yield* lived(simulation, startMs, startMs + drill.momentMs - 1);
    if (simulation.everAlarmed(startMs + drill.momentMs - quietMs)) continue;
    yield* lived(simulation, startMs + drill.momentMs - 1, nowMs);
    // A rehearsal knows nothing of what came long before, so it may be wrong.
    const alertedMs = simulation.firstFiredMs();
    if (alertedMs === null) continue;
    // Trouble that comes and goes may have let its alert end by now, and then nobody is called.
    if (!simulation.rules.alerts().some(({ state }) => state === 'firing')) continue;
    // Asked when it is wanted: some faults come about when the drill has begun.
    const answer = () => answerOf({ scenario, drill, startMs, alertedMs, made: simulation.made() });
    return { drill, simulation, answer };
  }
  throw new Failure(
    'bad_input',
    `Scenario ${scenario.name} raised no alert within ${scenario.alertWithinMinutes} minutes of its moment in ${maxDraws} draws (or raised one before); its effects or its alert rules need changing.`,
  );
}

export type OpenedDrill = { drill: Drill; simulation: Simulation; answer: () => DrillAnswer };

const PIECES = 200;

/** A stretch of the world's life. How it is cut changes nothing of it: steps are where they are. */
function* lived(simulation: Simulation, fromMs: number, untilMs: number): Generator<void, void, void> {
  for (let piece = 1; piece < PIECES; piece++) {
    simulation.advanceTo(fromMs + ((untilMs - fromMs) * piece) / PIECES);
    yield;
  }
  simulation.advanceTo(untilMs);
}

const rulesOf = ({ topology, alerts }: Scenario) => [...topology.alerts, ...alerts];

const isWide = ({ topology }: Scenario) => topology.services.length > mostInNarrow;

/** The last time not after one at which a step without requests may end. */
const before = (offsetMs: number): number => Math.max(0, Math.floor(offsetMs / unservedMs) * unservedMs);

/** Shortly before anything is wrong. */
function beforeTroubleMs(scenario: Scenario, { faults, momentMs }: Drill): number {
  const beganMs = Math.min(momentMs, ...faults.map(({ offsetMs }) => offsetMs));
  const warmUpMs = settlingMs + rulesReach(rulesOf(scenario));
  return before(beganMs - warmUpMs);
}

/** From where on steps are shorter than scrapes: where there is trouble, and not for hours while it creeps up. */
const fineFrom = (scenario: Scenario, drill: Drill): number =>
  Math.max(beforeTroubleMs(scenario, drill), before(drill.momentMs - mostFineMs));

/** Time from the start to the first firing alert, or null when that is not what a drill needs. */
function* rehearse(options: {
  scenario: Scenario;
  drill: Drill;
  nowMs: number;
  labelSets: LabelSets;
}): Generator<void, number | null, void> {
  const { scenario, drill, nowMs, labelSets } = options;
  const startMs = Math.floor(nowMs / 1_000) * 1_000 - drill.momentMs;
  const momentMs = startMs + drill.momentMs;
  const simulation = createSimulation({
    scenario,
    drill,
    startMs,
    script: drill.script,
    alertsFromMs: momentMs,
    fineFromMs: isWide(scenario) ? Number.POSITIVE_INFINITY : startMs + fineFrom(scenario, drill),
    servesFromMs: startMs + beforeTroubleMs(scenario, drill),
    meshAlone: readNothingBut(rulesOf(scenario), /^istio_/),
    labelSets,
  });
  yield* lived(simulation, startMs, momentMs - 1);
  if (simulation.everAlarmed(momentMs - quietMs)) return null;
  const lastMs = momentMs + scenario.alertWithinMinutes * minuteMs;
  for (let atMs = momentMs; atMs <= lastMs; atMs += scrapeMs) {
    simulation.advanceTo(atMs);
    yield;
    const firedMs = simulation.firstFiredMs();
    if (firedMs !== null) return firedMs - startMs;
  }
  return null;
}
