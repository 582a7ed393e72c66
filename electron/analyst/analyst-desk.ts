import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import canonicalize from 'canonicalize';
import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { AnalystRun, AnalystStep } from '../../shared/vocabulary/analyst.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { ModelPrice } from '../../shared/vocabulary/model.ts';
import type { StopState } from '../../shared/vocabulary/status.ts';
import type { Ledger } from '../ledger/log.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import type { Ids } from '../platform/ids.ts';
import { type AnswerRecord, type Question, questionInWords } from './answer-question.ts';
import { type Budget, budgetOf, type Limits } from './budget.ts';
import { analyse, type FinishedTurn } from './loop.ts';
import type { Message, ModelClient, Outgoing, TurnRequest } from './model-client.ts';
import type { SecretFinder } from './outgoing/masking/without-secrets.ts';
import { type AnyGateway, questionGateway } from './question-gateway.ts';
import { type RunRecorder, type RunStore, recorder } from './replay/recording.ts';
import type { ToolGateway } from './tool-gateway.ts';

/** Which model works on an incident, what stands before it, and what it may use. */
export type ChosenAnalyst = {
  client: ModelClient;
  outgoing: Outgoing;
  limits: Limits;
  /** Null where it is not known: then money is not counted, and the screen says so. */
  price: ModelPrice | null;
  /** Why this one, for the screen. */
  why: string;
};

export type AnalystDeskPorts = {
  /** Asked as a run begins; what is chosen meanwhile counts from the next. */
  choose(incident: IncidentId): ChosenAnalyst;
  /** Which would begin now, for the screen before the first run. */
  standing(): Pick<ChosenAnalyst, 'limits' | 'price' | 'why'> & { model: string };
  system: string;
  ledger: Ledger;
  clock: Clock;
  /** The machine's time, by which runs are found again: a drill has a time of its own. */
  nowMs(): number;
  ids: Ids;
  stop(): StopState;
  /** Which part of its budget for the incident, over all runs, is used up; null while some is left. */
  overBudget(incident: IncidentId): string | null;
  gateway(incident: IncidentId, model: string): ToolGateway;
  /** What the incident is about, told to a model before anything else. */
  about(incident: IncidentId): string;
  /** The claims that stand, likeliest first: what a challenged analyst argues against. */
  claims(incident: IncidentId): readonly string[];
  steps: {
    next(incident: string): number;
    add(step: AnalystStep): void;
    of(incident: string): AnalystStep[];
  };
  runs: RunStore;
  /** Finds what must not be written into an answer. */
  secretsIn: SecretFinder;
  /** What the record of an incident holds, by which answers are judged. */
  record(incident: IncidentId): AnswerRecord;
  publish(event: HostEvent): void;
};

export type AnalystDesk = ReturnType<typeof analystDesk>;

/** Somebody's question, which is a run of its own kind: it is answered, and nothing is stated or proposed. */
export type Asked = Question & { person: string };
type Task = {
  because: string;
  challenge?: string;
  question?: Asked;
  /** What an earlier run said and read, which this one goes on from, and by which model. */
  soFar?: { model: string; messages: readonly Message[]; recordedAs: string };
};
type Live = {
  task: Task;
  messages: Message[];
  /** By which its record is found. */
  recordedAs: string;
  run: Omit<AnalystRun, 'steps'>;
  abort: AbortController;
  finished: Promise<void>;
};

/** A screen is told the text of a turn this often: faster than that nobody reads. */
const SAYING_EVERY_MS = 150;
/** The end of a long text is what is being written. */
const MOST_SAID = 4_000;

/** At most one run of the analyst for each incident: starts it, streams its steps, stops it within a second. */
export function analystDesk(ports: AnalystDeskPorts) {
  const { clock, ledger, publish } = ports;
  const live = new Map<string, Live>();
  /** Whoever closes waits for the runs that are under way; one that began afterwards would find its store closed. */
  let hasEnded = false;
  /** What begins when the run under way is over. */
  const waiting = new Set<Promise<void>>();

  function idle(): Omit<AnalystRun, 'steps'> {
    const { model, why, limits, price } = ports.standing();
    const budget = budgetOf(limits, () => 0, { tokens: false, price }).spent();
    return { state: 'idle', model, why, saying: '', budget };
  }

  function demandMayRead(incident: IncidentId): void {
    const stop = ports.stop();
    if (stop.stopped)
      throw new Failure('stopped', `Stopped by ${stop.by}: the analyst reads nothing until it is lifted`);
    const spent = ports.overBudget(incident);
    if (spent !== null)
      throw new Failure('stopped', `${spent}: it reads nothing more until a named person closes the breaker`);
  }

  const underWay = (incident: string): Live | undefined => {
    const entry = live.get(incident);
    return entry?.run.state === 'reading' ? entry : undefined;
  };

  /** Reads up on an incident; where that is under way already, it is the same reading. */
  function start(incident: IncidentId, because: string, challenge?: string): Promise<void> {
    const current = underWay(incident);
    if (current && !current.task.question) return current.finished;
    return whenFree(incident, { because, ...(challenge === undefined ? {} : { challenge }) });
  }

  /** Answers a person's question, after what is under way. The question is on record at once. */
  function ask(incident: IncidentId, question: Asked): Promise<void> {
    demandMayRead(incident);
    const { person, text } = question;
    ledger.record({
      kind: 'question',
      incident,
      actor: { kind: 'person', name: person },
      body: { question: text },
    });
    tell(incident, { kind: 'asked', person, question: text });
    return whenFree(incident, { because: `${person} asked a question.`, question });
  }

  /** Goes on with what a run that was stopped, or failed, has read; begins anew where there is none. */
  function resume(incident: IncidentId, person: string): Promise<void> {
    const left = live.get(incident);
    if (!left || left.run.state === 'idle' || left.messages.length < 2)
      return start(incident, `${person} asked for a fresh reading.`);
    const { run, messages, task, recordedAs } = left;
    return whenFree(incident, {
      ...task,
      because: `${person} asked it to go on with what it has read.`,
      soFar: { model: run.model, messages, recordedAs },
    });
  }

  function whenFree(incident: IncidentId, task: Task): Promise<void> {
    const isFree = underWay(incident) === undefined;
    if (isFree) return begin(incident, task);
    const later = waitAndBegin(incident, task);
    waiting.add(later);
    return later.finally(() => waiting.delete(later));
  }

  /** What keeps it from beginning by then is told on the screen: whoever asked for it has gone on. */
  async function waitAndBegin(incident: IncidentId, task: Task): Promise<void> {
    for (let current = underWay(incident); current; current = underWay(incident)) await current.finished;
    try {
      await begin(incident, task);
    } catch (error) {
      tell(incident, { kind: 'ended', because: messageOf(error) });
    }
  }

  function begin(incident: IncidentId, task: Task): Promise<void> {
    if (hasEnded) return Promise.resolve();
    demandMayRead(incident);
    const chosen = ports.choose(incident);
    const { client, limits, price, why } = chosen;
    const counted = { tokens: countsTokens(client), price };
    const entry: Live = {
      task,
      messages: [],
      recordedAs: ports.ids('run'),
      run: {
        state: 'reading',
        model: client.id,
        why,
        saying: '',
        budget: budgetOf(limits, () => 0, counted).spent(),
      },
      abort: new AbortController(),
      finished: Promise.resolve(),
    };
    live.set(incident, entry);
    entry.finished = run(incident, entry, chosen);
    return entry.finished;
  }

  function tell(incident: IncidentId, step: AnalystStep['step']): void {
    const stored: AnalystStep = { incident, seq: ports.steps.next(incident), atMs: clock.now(), step };
    ports.steps.add(stored);
    publish({ name: 'analyst.step', step: stored });
  }

  async function run(incident: IncidentId, entry: Live, chosen: ChosenAnalyst): Promise<void> {
    const { client, outgoing, limits, price } = chosen;
    const { task, messages } = entry;
    const become = (change: Partial<Live['run']>) => {
      entry.run = { ...entry.run, ...change };
      publish({ name: 'analyst.changed', incident, run: entry.run });
    };
    let record: RunRecorder | undefined;
    try {
      become({});
      tell(incident, { kind: 'started', model: client.id, because: task.because });
      const opening = openingOf(ports, incident, task);
      // Another model begins anew: the words of this one are not its own.
      const soFar = task.soFar?.model === client.id ? task.soFar : undefined;
      messages.push(...(soFar?.messages ?? [opening]));
      const gateway = gatewayFor(incident, client.id, task);
      const { system } = ports;
      const { id: model, parameters } = client;
      const started = { id: entry.recordedAs, incident, startedMs: ports.nowMs(), model, parameters };
      const continues = soFar?.recordedAs;
      const run = recorder(ports.runs, { ...started, system, tools: gateway.specs, opening, continues });
      record = run;
      const counted = { tokens: countsTokens(client), price };
      const loop = analyse(
        {
          client,
          outgoing,
          gateway: recorded(gateway, run),
          system,
          messages,
          budget: boundedBy(
            ports.overBudget,
            incident,
            budgetOf(limits, () => performance.now(), counted),
          ),
          onTurn(finished) {
            recordTurn(incident, client, finished);
            run.turn(finished.turn);
          },
        },
        entry.abort.signal,
      );
      const saying = throttled((text) => become({ saying: text.slice(-MOST_SAID) }));
      for await (const event of loop) {
        if (event.kind === 'saying') {
          saying(event.text);
          continue;
        }
        if (event.step.kind === 'ended') run.ended(event.step.because);
        tell(incident, event.step);
        become({ budget: event.budget, saying: '' });
      }
      become({ state: 'done' });
    } catch (error) {
      const stopped = entry.abort.signal.aborted;
      const how = stopped ? stoppedBy(entry.abort.signal) : `it failed: ${messageOf(error)}`;
      tell(incident, { kind: 'ended', because: how });
      become({ state: stopped ? 'stopped' : 'failed', saying: '' });
      record?.ended(how);
    }
  }

  /** A question reaches no tool that states or proposes. */
  function gatewayFor(incident: IncidentId, model: string, { question }: Task): AnyGateway {
    const gateway = ports.gateway(incident, model);
    return question
      ? questionGateway(gateway, {
          incident,
          model,
          ledger,
          secretsIn: ports.secretsIn,
          ...ports.record(incident),
        })
      : gateway;
  }

  /** In the words of the model: what was masked for it stays masked on record. */
  function recordTurn(incident: IncidentId, client: ModelClient, { asSaid, request }: FinishedTurn): void {
    const { text, calls, tokens, cutShort } = asSaid;
    ledger.record({
      kind: 'model.turn',
      incident,
      actor: { kind: 'analyst', name: client.id },
      body: {
        model: client.id,
        parameters: { ...client.parameters },
        promptDigest: digestOfPrompt(request),
        stated: text.slice(0, MOST_STATED),
        ...(text.length > MOST_STATED ? { omitted: text.length - MOST_STATED } : {}),
        calls: calls.slice(0, MOST_NAMES).map(({ name }) => name),
        tokens: tokens && { ...tokens },
        ...(cutShort ? { cutShort: cutShort.kind } : {}),
      },
    });
  }

  function stop(incident: string, because?: string): void {
    live.get(incident)?.abort.abort(because);
  }

  /** Resolves when no run is under way. */
  async function settled(): Promise<void> {
    do await Promise.all([...[...live.values()].map(({ finished }) => finished), ...waiting]);
    while (waiting.size > 0);
  }

  return {
    start,
    ask,
    resume,
    stop: (incident: string): void => stop(incident),
    stopAll(): void {
      for (const incident of live.keys()) stop(incident);
    },
    /** Stops the runs of one model, and says why. */
    stopModel(model: string, because: string): void {
      for (const [incident, entry] of live) if (entry.run.model === model) stop(incident, because);
    },
    /** Whether it reads up on the incident; a question that is being answered keeps nobody from that. */
    isReading(incident: string): boolean {
      const current = underWay(incident);
      return current !== undefined && current.task.question === undefined;
    },
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

const stoppedBy = ({ reason }: AbortSignal): string =>
  typeof reason === 'string' ? `stopped: ${reason}` : 'stopped';

/** An entry of the ledger has room for this much; the rest of a longer text is kept with the run. */
const MOST_STATED = 12_000;
const MOST_NAMES = 200;

/** A client without a way to run out of context counts no tokens either: it is none that somebody is billed for. */
const countsTokens = ({ mostCharacters }: ModelClient): boolean => mostCharacters !== undefined;

function openingOf(
  ports: Pick<AnalystDeskPorts, 'about' | 'claims'>,
  incident: IncidentId,
  { because, challenge, question }: Task,
): Extract<Message, { role: 'user' }> {
  const lines = [ports.about(incident), because];
  if (challenge !== undefined) {
    const claims = ports.claims(incident);
    lines.push(
      'Argue against the first of the hypotheses that stand, read what was not read yet, and state them anew.',
      ...claims.map((claim, place) => `${place + 1}. ${claim}`),
    );
  }
  if (question) lines.push(...questionInWords(question));
  return {
    role: 'user',
    text: lines.join('\n'),
    ...(challenge === undefined ? {} : { challenge }),
    ...(question ? { question } : {}),
  };
}

/** The gateway, with each answer written down as the model gets it. */
function recorded(gateway: AnyGateway, record: RunRecorder): AnyGateway {
  return {
    specs: gateway.specs,
    async handle(call, signal) {
      const handled = await gateway.handle(call, signal);
      const { result, step } = handled;
      record.answer(call, result, step.kind === 'proposed' ? step.verdict : undefined);
      return handled;
    },
  };
}

/** The budget of one run, which also ends with that of its incident. */
const boundedBy = (
  overBudget: AnalystDeskPorts['overBudget'],
  incident: IncidentId,
  budget: Budget,
): Budget => ({ ...budget, exhausted: () => overBudget(incident) ?? budget.exhausted() });

function throttled(tell: (text: string) => void): (text: string) => void {
  let toldMs = Number.NEGATIVE_INFINITY;
  return (text) => {
    const nowMs = performance.now();
    if (nowMs - toldMs < SAYING_EVERY_MS) return;
    toldMs = nowMs;
    tell(text);
  };
}

/** Lower-case hex SHA-256 of the RFC 8785 form of everything the model was given: instructions, messages and tools. */
const digestOfPrompt = (request: TurnRequest): string =>
  createHash('sha256')
    .update(canonicalize(request) ?? '')
    .digest('hex');
