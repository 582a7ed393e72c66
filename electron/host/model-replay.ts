import { z } from 'zod';
import { IncidentId } from '../../shared/vocabulary/ids.ts';
import {
  ChosenModel,
  type ModelSettings,
  type ModelView,
  ReplayReport,
} from '../../shared/vocabulary/model.ts';
import { defaultLimits } from '../analyst/budget.ts';
import { type ModelClient, nothingLeaves } from '../analyst/model-client.ts';
import { offlineAnalyst } from '../analyst/offline/offline-analyst.ts';
import { sha256 } from '../analyst/replay/recording.ts';
import { type InFront, replayRun } from '../analyst/replay/replay-run.ts';
import { type RunReader, type StoredRun, storedRuns } from '../analyst/replay/stored-run.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import type { settingRepository } from '../store/setting-repository.ts';
import { limitsOf, type ModelDesk } from './model-desk.ts';

export type ModelReplay = ReturnType<typeof modelReplay>;
export type ReplayAsked = {
  /** Null for the offline analyst. */
  chosen: ChosenModel | null;
  fromMs: number;
  /** Another prompt than the one in use. */
  prompt?: string | undefined;
  onProgress?: ((done: number, of: number) => void) | undefined;
};

/** How far back a change of the model is tried out. */
export const REPLAY_DAYS = 30;
export const DAY_MS = 86_400_000;
/** The newest of more: a person waits for the answer, and pays for it. */
const MOST_RUNS = 100;
const LAST = 'model-replay';
const Last = z.strictObject({ of: ChosenModel, report: ReplayReport });

/** Plays the runs on record with another model in front, and keeps the model from being changed unseen. */
export function modelReplay(ports: {
  desk: ModelDesk;
  /** Those of both realms. */
  readers(): readonly RunReader[];
  settings: ReturnType<typeof settingRepository>;
  prompt: string;
  nowMs(): number;
}) {
  const { desk, nowMs } = ports;
  let state: ModelView['replay'] | null = null;
  let cancelling = new AbortController();
  let underWay: Promise<void> = Promise.resolve();

  const runsSince = (fromMs: number): StoredRun[] =>
    ports
      .readers()
      .flatMap((reader) => storedRuns(reader, fromMs))
      .sort((a, b) => a.begun.startedMs - b.begun.startedMs)
      .slice(-MOST_RUNS);

  async function replay(
    { chosen, fromMs, prompt, onProgress }: ReplayAsked,
    signal: AbortSignal,
  ): Promise<ReplayReport> {
    const system = prompt ?? ports.prompt;
    const runs = runsSince(fromMs);
    const replayed: ReplayReport['runs'] = [];
    let cutShort: string | null = null;
    for (const stored of runs) {
      onProgress?.(replayed.length, runs.length);
      try {
        replayed.push(await replayRun(stored, inFrontOf(chosen, stored, system), signal));
      } catch (error) {
        if (!signal.aborted) throw error;
        cutShort = `it was cancelled after ${replayed.length} of ${runs.length} runs`;
        break;
      }
    }
    return {
      model: chosen?.model ?? offlineAnalyst.id,
      baseUrl: chosen?.baseUrl ?? null,
      prompt: sha256(system).slice(0, 12),
      fromMs: Math.round(fromMs),
      toMs: Math.round(nowMs()),
      runs: replayed,
      diverged: replayed.filter(({ diverges }) => diverges).length,
      notRecorded: replayed.reduce((sum, run) => sum + run.notRecorded, 0),
      cutShort,
    };
  }

  function inFrontOf(chosen: ChosenModel | null, { begun }: StoredRun, system: string): InFront {
    const incident = IncidentId.parse(begun.incident);
    if (chosen === null)
      return { client: offlineAnalyst, outgoing: nothingLeaves, system, limits: defaultLimits, price: null };
    const { limits, prices } = desk.settings();
    const client: ModelClient = desk.clientOf(chosen, (request) => desk.sent(incident, request));
    const price = prices.find(({ model }) => model === chosen.model) ?? null;
    return { client, outgoing: desk.outgoing(incident), system, limits: limitsOf(limits), price };
  }

  /** Starts one in the background; the view tells how far it is. */
  function start(chosen: ChosenModel): void {
    if (state?.state === 'running') throw new Failure('conflict', 'A replay is under way: cancel it first');
    const because = desk.obstacle(chosen);
    if (because !== null) throw new Failure('refused', `${chosen.model} cannot be asked: ${because}`);
    cancelling = new AbortController();
    state = { state: 'running', done: 0, of: 0 };
    const asked = {
      chosen,
      fromMs: nowMs() - REPLAY_DAYS * DAY_MS,
      onProgress: (done: number, of: number) => {
        state = { state: 'running', done, of };
      },
    };
    underWay = replay(asked, cancelling.signal).then(
      (report) => {
        ports.settings.put(LAST, { of: chosen, report });
        state = { state: 'done', of: chosen, report };
      },
      (error: unknown) => {
        state = { state: 'failed', because: messageOf(error) };
      },
    );
  }

  function lastOf(chosen: ChosenModel): ReplayReport | null {
    const last = ports.settings.get(LAST, Last);
    return last && isSame(last.of, chosen) && last.report.cutShort === null ? last.report : null;
  }

  function kept(): ModelView['replay'] {
    const last = ports.settings.get(LAST, Last);
    return last ? { state: 'done', ...last } : { state: 'none' };
  }

  return {
    replay,
    start,
    cancel: (): void => cancelling.abort(),
    state: (): ModelView['replay'] => state ?? kept(),

    /**
     * Takes a change of settings into use. Another model than the one that works now is tried on what is on record first,
     * or a person says why not.
     */
    change(next: ModelSettings, override: string | null): void {
      const report = lastOf(next.chosen);
      if (changesModel(desk.settings(), next) && report === null && override === null) {
        const { length } = runsSince(nowMs() - REPLAY_DAYS * DAY_MS);
        if (length > 0)
          throw new Failure(
            'conflict',
            `${next.chosen.model} was not tried on the runs of the last ${REPLAY_DAYS} days. Replay them first, or say why not.`,
          );
      }
      desk.change(next, report && { diverged: report.diverged, runs: report.runs.length }, override);
    },

    async close(): Promise<void> {
      cancelling.abort();
      await underWay;
    },
  };
}

/** Whether another model would work somewhere than before. The offline analyst may always take over. */
function changesModel(before: ModelSettings, next: ModelSettings): boolean {
  return (['real', 'drill'] as const).some(
    (realm) =>
      next[realm] === 'model' && (before[realm] === 'offline' || !isSame(before.chosen, next.chosen)),
  );
}

const isSame = (a: ChosenModel, b: ChosenModel): boolean =>
  a.baseUrl === b.baseUrl &&
  a.model === b.model &&
  a.maxTokens === b.maxTokens &&
  a.contextTokens === b.contextTokens &&
  a.effort === b.effort;
