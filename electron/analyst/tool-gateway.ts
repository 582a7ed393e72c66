import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AnalystStep } from '../../shared/vocabulary/analyst.ts';
import type { Escalation } from '../../shared/vocabulary/escalation.ts';
import type { Conclusion, Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import type { Action } from '../actions/action.ts';
import type { Ledger } from '../ledger/log.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import type { Ids } from '../platform/ids.ts';
import { HIDDEN } from '../platform/secret-names.ts';
import type { Wish } from '../proposals/propose.ts';
import { withinCharacters } from './bound-result.ts';
import { seenReads, unmeasuredCallees } from './hypotheses/seen-reads.ts';
import { claimsWithoutSecrets, evidenceAsTold } from './hypotheses/told-without-secrets.ts';
import type { ToolCall, ToolResult, ToolSpec } from './model-client.ts';
import { demandNoSecret, type SecretFinder, withoutSecrets } from './outgoing/masking/without-secrets.ts';
import { escalateTool, type ProposeTool, proposeTool } from './propose-tool.ts';
import { honestHypotheses, stateHypotheses } from './state-hypotheses.ts';
import { readTools } from './tools/all.ts';
import type { ReadContext, ReadTool } from './tools/read-tool.ts';

/** Where the gateway keeps what it did, and what it may call. There is no way from here to an execution. */
export type GatewayPorts = {
  incident: IncidentId;
  model: string;
  ledger: Ledger;
  clock: Clock;
  ids: Ids;
  reading: ReadContext;
  actions: readonly Action[];
  keepRead(id: string, result: string): void;
  /** What was kept of a read of this incident, byte for byte as the model was given it. */
  readText(id: string): string | undefined;
  keepHypotheses(hypotheses: Hypothesis[], conclusion: Conclusion): void;
  /** 1, or less when the analyst was too sure of itself before: what is left of every ceiling of confidence. */
  ceilingFactor?(): number;
  /** Finds what must not be written into what is stated, proposed or handed over. */
  secretsIn: SecretFinder;
  propose(wish: Wish): Promise<Proposal>;
  openEscalation(escalation: Omit<Escalation, 'id' | 'openedMs' | 'closed'>): void;
};

/** What one call came to: text for the model, a line for the screen. */
export type Handled = { result: ToolResult; step: AnalystStep['step'] };

const READ_TIMEOUT_MS = 20_000;
/** A result that is longer loses rows, and says so: a model's attention is finite. */
const MOST_RESULT_CHARACTERS = 40_000;

/**
 * The only door between a model and the host. Every call is checked against its tool's schema and recorded here, not by
 * the loop; a failure becomes text for the model and a line for the screen, never an exception.
 */
export function toolGateway(ports: GatewayPorts) {
  const proposeTools = ports.actions.map(proposeTool);
  const seen = seenReads({ events: ports.reading.events, readText: ports.readText });
  const actor = { kind: 'analyst', name: ports.model } as const;

  async function handle(call: ToolCall, signal: AbortSignal): Promise<Handled> {
    try {
      const read = readTools.find(({ name }) => name === call.name);
      if (read) return await runRead(read, call, signal);
      if (call.name === stateHypotheses.name) return await state(call, signal);
      const wish = proposeTools.find(({ name }) => name === call.name);
      if (wish) return await runPropose(wish, call);
      if (call.name === escalateTool.name) return await escalate(call);
      throw new Failure('bad_input', `There is no tool ${JSON.stringify(call.name)}`);
    } catch (error) {
      await recordFailure(call, error);
      return failed(call, error);
    }
  }

  /** What the model reached for and did not get: it was refused, or nobody could tell. */
  async function recordFailure({ name, input }: ToolCall, error: unknown): Promise<void> {
    // Where nobody could look through it, what was asked for is not written down.
    const asked = await withoutSecrets(input, ports.secretsIn).catch(() => HIDDEN);
    const because = messageOf(error);
    const isRefused = error instanceof Failure && error.code === 'refused';
    ports.ledger.record({
      kind: 'read',
      incident: ports.incident,
      actor,
      body: {
        tool: name.slice(0, MOST_NAME).toWellFormed(),
        asked: brief(JSON.stringify(asked) ?? ''),
        [isRefused ? 'refused' : 'failed']: brief(because),
      },
    });
  }

  async function runRead(tool: ReadTool, call: ToolCall, signal: AbortSignal): Promise<Handled> {
    const input = parsed(tool, call);
    const result = tool.output.parse(await inTime(tool, input, signal));
    const id = ports.ids('read');
    const { value, leftOut } = withinCharacters(result as object, MOST_RESULT_CHARACTERS);
    const text = JSON.stringify({
      ...value,
      ...(leftOut.length > 0 ? { leftOut } : {}),
      read: id,
      observed: tool.isObserved?.(result) ?? true,
    });
    const digest = createHash('sha256').update(text).digest('hex');
    const given = z.record(z.string(), z.json()).parse(input);
    await ports.ledger.recordGrouped(
      {
        kind: 'read',
        incident: ports.incident,
        actor,
        body: { read: id, tool: tool.name, arguments: given, digest },
      },
      () => ports.keepRead(id, text),
    );
    seen.add({
      id,
      tool: tool.name,
      input: given,
      result: result as object,
      showsDiffOf: tool.showsDiffOf?.(result),
    });
    return {
      result: {
        call: call.id,
        text,
        failed: false,
        source: tool.source,
        outsider: tool.outsider,
      },
      step: {
        kind: 'read',
        read: id,
        tool: tool.name,
        arguments: given,
        found: tool.found(result),
        digest,
        failed: false,
      },
    };
  }

  /** A tool that does not heed its signal holds up nobody: it is left behind. */
  async function inTime(tool: ReadTool, input: unknown, signal: AbortSignal): Promise<unknown> {
    const timeout = AbortSignal.timeout(READ_TIMEOUT_MS);
    const ending = AbortSignal.any([signal, timeout]);
    const ended = Promise.withResolvers<never>();
    const end = () =>
      ended.reject(
        timeout.aborted && !signal.aborted
          ? new Failure('timeout', `${tool.name} had no answer within ${READ_TIMEOUT_MS / 1000} s`)
          : new Failure('cancelled', `${tool.name} was stopped`),
      );
    ending.addEventListener('abort', end, { once: true });
    try {
      if (ending.aborted) end();
      return await Promise.race([tool.run(input, ports.reading, ending), ended.promise]);
    } finally {
      ending.removeEventListener('abort', end);
    }
  }

  async function state(call: ToolCall, signal: AbortSignal): Promise<Handled> {
    const claims = await claimsWithoutSecrets(parsed(stateHypotheses, call), ports.secretsIn);
    const events = new Map(ports.reading.events().map((event) => [event.key, event]));
    const serviceOf = (cause: string | null) =>
      cause === null ? null : (events.get(cause)?.service ?? null);
    const unseen = await unmeasuredCallees(
      claims.hypotheses.flatMap(({ cause }) => serviceOf(cause) ?? []),
      ports.reading.topology(),
      async (service) => (await ports.reading.metricsOf(service, signal)).length > 0,
    );
    const { hypotheses, conclusion, dropped } = honestHypotheses(
      claims,
      {
        ...seen,
        hasEvent: (key) => events.has(key),
        readText: ports.readText,
        unseenBehind: (cause) => unseen.get(serviceOf(cause) ?? '') ?? [],
        ceilingFactor: ports.ceilingFactor ?? (() => 1),
      },
      { incident: ports.incident, atMs: ports.clock.now(), newId: () => ports.ids('hyp') },
    );
    ports.ledger.record(
      { kind: 'hypotheses', incident: ports.incident, actor, body: { hypotheses, conclusion, dropped } },
      () => ports.keepHypotheses(hypotheses, conclusion),
    );
    return {
      result: answer(call, {
        stated: hypotheses.length,
        dropped,
        conclusion,
        ranked: hypotheses.map(({ claim, confidence }) => ({ claim, confidence })),
      }),
      step: { kind: 'stated', hypotheses: hypotheses.length, dropped, conclusion },
    };
  }

  async function runPropose(tool: ProposeTool, call: ToolCall): Promise<Handled> {
    const { input, about: said } = parsed(tool, call);
    await demandNoSecret(tool.name, input, ports.secretsIn);
    const told = await withoutSecrets(said, ports.secretsIn);
    const about = { ...told, evidence: evidenceAsTold(said.evidence, told.evidence) };
    const proposal = await ports.propose({
      incident: ports.incident,
      action: tool.action.name,
      input,
      ...about,
      proposedBy: { kind: 'analyst', name: 'Analyst' },
      backsOut: null,
      causes: [],
    });
    const { id, title, verdict } = proposal;
    return {
      result: answer(call, { proposal: id, verdict: verdict.kind, rules: verdict.rules }),
      step: { kind: 'proposed', proposal: id, title, verdict: verdict.kind },
    };
  }

  async function escalate(call: ToolCall): Promise<Handled> {
    const given = await withoutSecrets(parsed(escalateTool, call), ports.secretsIn);
    ports.openEscalation({ incident: ports.incident, ...given, proposal: null });
    return {
      result: answer(call, { escalated: true }),
      step: { kind: 'said', text: `Escalated: ${given.title}` },
    };
  }

  return { specs: specsOf([...readTools, stateHypotheses, ...proposeTools, escalateTool]), handle };
}
export type ToolGateway = ReturnType<typeof toolGateway>;

function parsed<I extends z.ZodType>(tool: { name: string; input: I }, call: ToolCall): z.output<I> {
  const given = tool.input.safeParse(call.input);
  if (!given.success)
    throw new Failure('bad_input', `${tool.name}: ${z.prettifyError(given.error)}`, given.error);
  return given.data;
}

const answer = (call: ToolCall, value: object): ToolResult => ({
  call: call.id,
  text: JSON.stringify(value),
  failed: false,
  source: 'Countersign',
  outsider: [],
});

function failed(call: ToolCall, error: unknown): Handled {
  const because = messageOf(error);
  return {
    // What went wrong is often told in the words of the system that was asked.
    result: {
      call: call.id,
      text: JSON.stringify({ failed: because }),
      failed: true,
      source: 'an error',
      outsider: ['failed'],
    },
    step: {
      kind: 'read',
      read: '',
      tool: call.name.slice(0, MOST_NAME).toWellFormed(),
      arguments: {},
      found: because,
      digest: '',
      failed: true,
    },
  };
}

const MOST_NAME = 100;
const MOST_WORDS = 1_000;
const brief = (text: string) =>
  (text.length > MOST_WORDS ? `${text.slice(0, MOST_WORDS)}…` : text).toWellFormed();

const specsOf = (tools: readonly { name: string; purpose: string; input: z.ZodType }[]): ToolSpec[] =>
  tools.map(({ name, purpose, input }) => ({
    name,
    purpose,
    inputSchema: z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }),
  }));
