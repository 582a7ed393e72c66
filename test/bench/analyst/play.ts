import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import SqliteDatabase from 'better-sqlite3';
import { z } from 'zod';
import type { ModelClient } from '../../../electron/analyst/model-client.ts';
import type { DrillAnswer } from '../../../electron/drills/facts.ts';
import { computedTime } from '../../../electron/host/drill-time.ts';
import { buildParts, type HostParts } from '../../../electron/host/host-parts.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { resourcesDir } from '../../../electron/platform/paths.ts';
import { digestOfShown } from '../../../electron/proposals/decide.ts';
import { analystRepository } from '../../../electron/store/analyst-repository.ts';
import type { AnalystStep } from '../../../shared/vocabulary/analyst.ts';
import type { Conclusion, Hypothesis } from '../../../shared/vocabulary/hypothesis.ts';
import type { IncidentId } from '../../../shared/vocabulary/ids.ts';
import type { BlastClass, Proposal } from '../../../shared/vocabulary/proposal.ts';
import { type State, stateOf } from './state-of.ts';

const BEGINS_MS = Date.parse('2026-03-03T03:00:00Z');
const STEP_MS = 15_000;
const MOST_STEPS = 60;

/** What one reading of one drill came to, with what is needed to judge it. */
export type Played = {
  scenario: string;
  seed: number;
  answer: DrillAnswer;
  hypotheses: Hypothesis[];
  conclusion: Conclusion | null;
  proposals: Proposal[];
  /** Citations of the stated hypotheses that the record does not hold, found out by reading it anew. */
  notOnRecord: number;
  dropped: number;
  /** Calls that failed or were refused. */
  refusals: number;
  turns: number;
  tokens: number;
  tookMs: number;
  backOut: BackOut | null;
};
/** What an executed proposal did to its target, and what its way back left there. */
export type BackOut = {
  action: string;
  changed: boolean;
  restored: boolean;
  declared: BlastClass;
  /** The narrowest class that holds every Deployment whose pods it replaced. */
  reached: BlastClass;
};

export type PlayOptions = {
  scenario: string;
  seed: number;
  /** Another folder of scenarios than the built-in one. */
  scenariosDir?: string | undefined;
  /** Absent: the offline analyst, as without a key. */
  client?: (() => ModelClient) | undefined;
  /** Whether the first offer is approved, executed and undone again. */
  andBack: boolean;
};

/** Plays a drill to its alert, lets the analyst read once, and executes its offer and the way back where that is wanted. */
export async function play(options: PlayOptions): Promise<Played> {
  const { scenario, seed, scenariosDir, client, andBack } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-analyst-'));
  const time = steppedClock(() => {}, BEGINS_MS);
  const parts = await buildParts({
    dataDir,
    resourcesDir: resourcesDir(),
    ...(scenariosDir === undefined ? {} : { scenariosDir }),
    version: 'bench',
    logger: silentLogger,
    shell: 'cli',
    ...(client ? { model: client } : {}),
    drillTime: computedTime(time.clock),
  });
  try {
    const { id } = await parts.drills.start(scenario, seed);
    const beganMs = performance.now();
    await parts.drill.worked(id);
    const tookMs = performance.now() - beganMs;
    const answer = parts.drills.truth();
    if (!answer) throw new Error('A drill that plays has an answer');
    const read = whatWasRead(parts, id);
    const proposals = parts.drill.proposals.ofIncident(id);
    const backOut = andBack ? await thereAndBack(parts, id, time.advance) : null;
    return { scenario, seed, answer, ...read, proposals, tookMs, backOut };
  } finally {
    await parts.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function whatWasRead({ drill }: HostParts, incident: IncidentId) {
  const { steps, budget } = drill.analyst.runOf(incident);
  const stated = steps.flatMap(({ step }) => (step.kind === 'stated' ? [step] : []));
  const hypotheses = drill.hypothesesOf(incident);
  return {
    hypotheses,
    conclusion: stated.at(-1)?.conclusion ?? null,
    dropped: stated.reduce((sum, { dropped }) => sum + dropped, 0),
    notOnRecord: notOnRecord(drill.dataFile, incident, hypotheses),
    refusals: steps.filter(({ step }) => isRefusal(step)).length,
    turns: budget.turns.used,
    tokens: drill.ledger
      .entries({ incident, kind: 'model.turn', limit: MOST_ENTRIES })
      .reduce((sum, { body }) => sum + tokensIn(body), 0),
  };
}

const MOST_ENTRIES = 10_000;
const isRefusal = (step: AnalystStep['step']) => step.kind === 'read' && step.failed;

const Tokens = z.object({ tokens: z.object({ input: z.number(), output: z.number() }) });
function tokensIn(body: unknown): number {
  const told = Tokens.safeParse(body);
  return told.success ? told.data.tokens.input + told.data.tokens.output : 0;
}

/** Looks every quote up in the data file, independent of the code that let it pass. */
function notOnRecord(dataFile: string, incident: string, hypotheses: readonly Hypothesis[]): number {
  const db = new SqliteDatabase(dataFile, { readonly: true });
  try {
    const { read } = analystRepository(db);
    return hypotheses
      .flatMap((one) => [...one.for, ...one.against])
      .filter(({ quotes = [] }) => {
        const holds = quotes.every(({ read: id, text }) => {
          const stored = read(id, incident);
          return stored?.includes(text) || stored?.includes(JSON.stringify(text).slice(1, -1));
        });
        return quotes.length === 0 || !holds;
      }).length;
  } finally {
    db.close();
  }
}

/** Approves the first offer, lets it work, and takes it back: what stands there before, between and after. */
async function thereAndBack(
  parts: HostParts,
  incident: IncidentId,
  advance: (ms: number) => Promise<void>,
): Promise<BackOut | null> {
  const { proposals } = parts.drill;
  const offer = proposals.ofIncident(incident).find(({ progress }) => progress.state === 'offered');
  if (!offer) return null;
  const before = await stateOf(parts, offer.target);
  if (!(await execute(offer))) return null;
  const between = await stateOf(parts, offer.target);
  const way = await proposals.backOut(offer.id, 'bench');
  const wasExecuted = await execute(way);
  const after = await stateOf(parts, offer.target);
  return {
    action: offer.action,
    changed: before.own !== between.own,
    restored: wasExecuted && before.own === after.own,
    declared: offer.blastRadius.class,
    reached: reachOf(before, between),
  };

  async function execute({ id }: Proposal): Promise<boolean> {
    const proposal = proposals.find(id);
    if (proposal.progress.state !== 'offered') return false;
    await proposals.approve(proposal.id, {
      person: parts.settings.person(),
      shownDigest: digestOfShown(proposal),
      typedTarget: proposal.target.name,
      reason: 'bench',
    });
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const { state } = proposals.find(id).progress;
      if (state === 'done') return true;
      if (state !== 'watching' && state !== 'executing') return false;
      await advance(STEP_MS);
    }
    return false;
  }
}

function reachOf(before: State, between: State): BlastClass {
  const touched = [...between.templates].flatMap(([name, digest]) =>
    before.templates.get(name) === digest ? [] : [name],
  );
  const namespaces = new Set(touched.map((name) => name.split('/')[0]));
  if (namespaces.size > 1) return 'cluster';
  return touched.length > 1 ? 'namespace' : touched.length === 1 ? 'deployment' : 'pod';
}
