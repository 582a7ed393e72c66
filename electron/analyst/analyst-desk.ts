import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import canonicalize from 'canonicalize';
import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { AnalystRun, AnalystStep } from '../../shared/vocabulary/analyst.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { StopState } from '../../shared/vocabulary/status.ts';
import type { Ledger } from '../ledger/log.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import { type Budget, budgetOf, defaultLimits } from './budget.ts';
import { analyse } from './loop.ts';
import type { ModelClient, Turn, TurnRequest } from './model-client.ts';
import type { ToolGateway } from './tool-gateway.ts';

export type AnalystDeskPorts = {
  client: ModelClient;
  system: string;
  ledger: Ledger;
  clock: Clock;
  stop(): StopState;
  /** Which part of its budget for the incident, over all runs, is used up; null while some is left. */
  overBudget(incident: IncidentId): string | null;
  gateway(incident: IncidentId): ToolGateway;
  steps: {
    next(incident: string): number;
    add(step: AnalystStep): void;
    of(incident: string): AnalystStep[];
  };
  publish(event: HostEvent): void;
};

export type AnalystDesk = ReturnType<typeof analystDesk>;
type Live = { run: Omit<AnalystRun, 'steps'>; abort: AbortController; finished: Promise<void> };

/** At most one run of the analyst for each incident: starts it, streams its steps, stops it within a second. */
export function analystDesk(ports: AnalystDeskPorts) {
  const { client, clock, ledger, publish } = ports;
  const live = new Map<string, Live>();
  /** Whoever closes waits for the runs that are under way; one that began afterwards would find its store closed. */
  let hasEnded = false;
  const idle = (): Omit<AnalystRun, 'steps'> => ({
    state: 'idle',
    model: client.id,
    budget: budgetOf(defaultLimits, () => 0).spent(),
  });

  function start(incident: IncidentId, because: string, challenge?: string): Promise<void> {
    if (hasEnded) return Promise.resolve();
    const stop = ports.stop();
    if (stop.stopped)
      throw new Failure('stopped', `Stopped by ${stop.by}: the analyst reads nothing until it is lifted`);
    const current = live.get(incident);
    if (current?.run.state === 'reading') return current.finished;
    const spent = ports.overBudget(incident);
    if (spent !== null)
      throw new Failure('stopped', `${spent}: it reads nothing more until a named person closes the breaker`);
    const abort = new AbortController();
    const entry: Live = { run: { ...idle(), state: 'reading' }, abort, finished: Promise.resolve() };
    live.set(incident, entry);
    entry.finished = run(incident, entry, because, challenge);
    return entry.finished;
  }

  async function run(incident: IncidentId, entry: Live, because: string, challenge?: string): Promise<void> {
    const tell = (step: AnalystStep['step']) => {
      const stored: AnalystStep = { incident, seq: ports.steps.next(incident), atMs: clock.now(), step };
      ports.steps.add(stored);
      publish({ name: 'analyst.step', step: stored });
    };
    const become = (change: Partial<Live['run']>) => {
      entry.run = { ...entry.run, ...change };
      publish({ name: 'analyst.changed', incident, run: entry.run });
    };
    become({});
    tell({ kind: 'started', model: client.id, because });
    try {
      const opening = {
        role: 'user' as const,
        text: because,
        ...(challenge === undefined ? {} : { challenge }),
      };
      const loop = analyse(
        {
          client,
          gateway: ports.gateway(incident),
          system: ports.system,
          opening,
          budget: boundedBy(ports.overBudget, incident),
          onTurn: (turn, request) => recordTurn(incident, turn, request),
        },
        entry.abort.signal,
      );
      for await (const { step, budget } of loop) {
        tell(step);
        become({ budget });
      }
      become({ state: 'done' });
    } catch (error) {
      const stopped = entry.abort.signal.aborted;
      tell({ kind: 'ended', because: stopped ? 'stopped' : `it failed: ${messageOf(error)}` });
      become({ state: stopped ? 'stopped' : 'failed' });
    }
  }

  function recordTurn(incident: IncidentId, { text, calls, tokens }: Turn, request: TurnRequest): void {
    ledger.record({
      kind: 'model.turn',
      incident,
      actor: { kind: 'analyst', name: client.id },
      body: {
        model: client.id,
        parameters: client.parameters,
        promptDigest: digestOfPrompt(request),
        stated: text,
        calls: calls.map(({ name }) => name),
        tokens,
      },
    });
  }

  function stop(incident: string): void {
    live.get(incident)?.abort.abort();
  }

  /** Resolves when no run is under way. */
  async function settled(): Promise<void> {
    await Promise.all([...live.values()].map(({ finished }) => finished));
  }

  return {
    start,
    stop,
    stopAll(): void {
      for (const incident of live.keys()) stop(incident);
    },
    isReading: (incident: string): boolean => live.get(incident)?.run.state === 'reading',
    runOf: (incident: string): AnalystRun => ({
      ...(live.get(incident)?.run ?? idle()),
      steps: ports.steps.of(incident),
    }),
    /** Stops every run and begins none any more; resolves when none is under way. */
    async end(): Promise<void> {
      hasEnded = true;
      for (const incident of live.keys()) stop(incident);
      await settled();
    },
    settled,
  };
}

/** The budget of one run, which also ends with that of its incident. */
function boundedBy(overBudget: AnalystDeskPorts['overBudget'], incident: IncidentId): Budget {
  const budget = budgetOf(defaultLimits, () => performance.now());
  return { ...budget, exhausted: () => overBudget(incident) ?? budget.exhausted() };
}

/** Lower-case hex SHA-256 of the RFC 8785 form of everything the model was given: instructions, messages and tools. */
const digestOfPrompt = (request: TurnRequest): string =>
  createHash('sha256')
    .update(canonicalize(request) ?? '')
    .digest('hex');
