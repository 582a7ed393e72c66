import type { Ranked } from '../../shared/formats/case.ts';
import type { Debrief } from '../../shared/vocabulary/drill.ts';
import type { Conclusion, Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import type { Decision, Outcome, Proposal } from '../../shared/vocabulary/proposal.ts';
import type { DrillAnswer } from '../drills/facts.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import { steppedClock } from '../platform/clock.ts';
import { messageOf } from '../platform/failure.ts';
import { digestOfShown } from '../proposals/decide.ts';
import { computedTime } from './drill-time.ts';
import { type Adapters, buildParts, type HostParts } from './host-parts.ts';
import { verifyRealm } from './ledger-desk.ts';

/** A drill without a screen begins at this moment of drill time, so that the same seed gives the same drill. */
const BEGINS_MS = Date.parse('2026-03-03T03:00:00Z');
const STEP_MS = 15_000;
const MOST_WAITING_STEPS = 12;
/** What a card takes to read. */
const READING_MS = 30_000;
const MOST_DECISIONS = 6;

export type DrillOptions = { scenario: string; seed: number; approve: 'none' | 'first' | 'all' };

/** What `drill run --json` prints. */
export type DrillResult = {
  incident: string;
  scenario: string;
  seed: number;
  truth: DrillAnswer;
  debrief: Debrief;
  onset: string | null;
  changes: Ranked[];
  services: Ranked[];
  novelty: number;
  hypotheses: Hypothesis[];
  /** What the analyst's last reading came to; null when it stated nothing. */
  conclusion: Conclusion | null;
  proposals: Proposal[];
  decisions: (Decision & { proposal: string })[];
  executions: { proposal: string; state: string; sentences: string[] }[];
  outcome: Outcome | null;
  ledger: { size: number; root: string; verified: boolean };
};

/**
 * Plays a drill from alert to outcome as fast as it can be computed: drill time stands still while anything thinks and
 * moves in steps while an effect is watched. The approver is whoever runs the command. `onRecorded` is told the entries of
 * the ledger, once they are on disk.
 */
export async function runDrill(
  adapters: Omit<Adapters, 'shell' | 'drillTime'>,
  { scenario, seed, approve }: DrillOptions,
  onRecorded: (entries: readonly LedgerEntry[]) => void = () => {},
): Promise<DrillResult> {
  const time = steppedClock(
    (error) => adapters.logger.error({ error: messageOf(error) }, 'a periodic task failed'),
    BEGINS_MS,
  );
  const parts = await buildParts({
    ...adapters,
    shell: 'cli',
    drillTime: computedTime(time.clock),
  });
  parts.drill.ledger.onAppend(onRecorded);
  try {
    const incident = await parts.drills.start(scenario, seed);
    const truth = parts.drills.truth();
    if (!truth) throw new Error('A drill that plays has a truth');
    await parts.drill.worked(incident.id);
    try {
      await decideAndWatch(parts, incident.id, approve, time.advance);
    } finally {
      await parts.drills.end(parts.settings.person());
    }
    parts.drill.ledger.checkpoint();
    const debrief = parts.debriefs.read(incident.id);
    return { incident: incident.id, scenario, seed, truth, debrief, ...outcomeOf(parts, incident.id) };
  } finally {
    await parts.close();
  }
}

async function decideAndWatch(
  { drill, settings }: HostParts,
  incident: string,
  approve: DrillOptions['approve'],
  advance: (ms: number) => Promise<void>,
): Promise<void> {
  if (approve === 'none') return;
  const inState = (state: string) =>
    drill.proposals.ofIncident(incident).filter(({ progress }) => progress.state === state);
  const most = approve === 'first' ? 1 : MOST_DECISIONS;
  for (let decided = 0; decided < most; decided += 1) {
    const proposal = await readToTheEnd();
    if (!proposal) return;
    await drill.proposals.approve(proposal.id, {
      person: settings.person(),
      shownDigest: digestOfShown(proposal),
      typedTarget: proposal.target.name,
      reason: `drill run --approve ${approve}`,
    });
    while (inState('watching').length > 0) await advance(STEP_MS);
    await drill.analyst.settled();
  }

  /**
   * An offer that still stands when it has been read. The first minutes of trouble may not show its cause yet, and while
   * somebody reads, others may change what the offer is about: then the next one counts.
   */
  async function readToTheEnd(): Promise<Proposal | undefined> {
    for (let step = 0; step < MOST_WAITING_STEPS; step += 1) {
      const [shown] = inState('offered');
      await advance(shown ? READING_MS : STEP_MS);
      await drill.analyst.settled();
      const standing = inState('offered').find(({ id }) => id === shown?.id);
      if (standing) return standing;
    }
    return undefined;
  }
}

function outcomeOf({ drill }: HostParts, incident: string) {
  const candidates = drill.candidatesOf(incident)?.candidates;
  const proposals = drill.proposals.ofIncident(incident);
  const { ok, size, rootHex } = verifyRealm(drill);
  const stated = drill.analyst.runOf(incident).steps.findLast(({ step }) => step.kind === 'stated')?.step;
  const last = proposals.findLast(({ progress }) => progress.state === 'done')?.progress;
  return {
    onset: candidates?.onsetMs == null ? null : new Date(candidates.onsetMs).toISOString(),
    changes: (candidates?.changes ?? []).map(ranked),
    services: (candidates?.services ?? []).map(ranked),
    novelty: candidates?.novelty ?? 1,
    hypotheses: drill.hypothesesOf(incident),
    conclusion: stated?.kind === 'stated' ? (stated.conclusion ?? null) : null,
    proposals,
    decisions: proposals.flatMap(({ id, progress }) =>
      'decision' in progress ? [{ proposal: id, ...progress.decision }] : [],
    ),
    executions: proposals.flatMap(({ id, progress }) =>
      'execution' in progress
        ? [
            {
              proposal: id,
              state: progress.state,
              sentences: progress.execution.steps.map(({ sentence }) => sentence),
            },
          ]
        : [],
    ),
    outcome: last?.state === 'done' ? last.outcome : null,
    ledger: { size, root: rootHex, verified: ok },
  };
}

const ranked = ({ id, score, reasons }: Ranked): Ranked => ({ id, score, reasons });
