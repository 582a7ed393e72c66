import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AnalystStep } from '../../shared/vocabulary/analyst.ts';
import type { Escalation } from '../../shared/vocabulary/escalation.ts';
import type { Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import type { Action } from '../actions/action.ts';
import type { Ledger } from '../ledger/log.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import type { Ids } from '../platform/ids.ts';
import type { Wish } from '../proposals/propose.ts';
import type { ToolCall, ToolResult, ToolSpec } from './model-client.ts';
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
  hasRead(id: string): boolean;
  keepHypotheses(hypotheses: Hypothesis[]): void;
  propose(wish: Wish): Promise<Proposal>;
  openEscalation(escalation: Omit<Escalation, 'id' | 'openedMs' | 'closed'>): void;
};

/** What one call came to: text for the model, a line for the screen. */
export type Handled = { result: ToolResult; step: AnalystStep['step'] };

const READ_TIMEOUT_MS = 20_000;
/** A result longer than this is cut, and says so: a model's attention is finite. */
const MOST_RESULT_CHARACTERS = 40_000;

/**
 * The only door between a model and the host. Every call is checked against its tool's schema and recorded here, not by
 * the loop; a failure becomes text for the model and a line for the screen, never an exception.
 */
export function toolGateway(ports: GatewayPorts) {
  const proposeTools = ports.actions.map(proposeTool);
  const rolloutsRead = new Set<string>();
  const actor = { kind: 'analyst', name: ports.model } as const;

  async function handle(call: ToolCall, signal: AbortSignal): Promise<Handled> {
    try {
      const read = readTools.find(({ name }) => name === call.name);
      if (read) return await runRead(read, call, signal);
      if (call.name === stateHypotheses.name) return state(call);
      const wish = proposeTools.find(({ name }) => name === call.name);
      if (wish) return await runPropose(wish, call);
      if (call.name === escalateTool.name) return escalate(call);
      throw new Failure('bad_input', `There is no tool ${JSON.stringify(call.name)}`);
    } catch (error) {
      if (error instanceof Failure && error.code === 'refused') recordRefusal(call, error);
      return failed(call, error);
    }
  }

  /** What the model reached for and may not read. */
  function recordRefusal({ name }: ToolCall, { message }: Failure): void {
    ports.ledger.record({
      kind: 'read',
      incident: ports.incident,
      actor,
      body: { tool: name.slice(0, 100), refused: message },
    });
  }

  async function runRead(tool: ReadTool, call: ToolCall, signal: AbortSignal): Promise<Handled> {
    const input = parsed(tool, call);
    const answer = await tool.run(
      input,
      ports.reading,
      AbortSignal.any([signal, AbortSignal.timeout(READ_TIMEOUT_MS)]),
    );
    const result = tool.output.parse(answer);
    if (tool.name === 'read_rollout') rolloutsRead.add(serviceOf(result));
    const id = ports.ids('read');
    const observed = tool.isObserved?.(result) ?? true;
    const whole = JSON.stringify({ ...(result as object), read: id, observed });
    const digest = createHash('sha256').update(whole).digest('hex');
    const given = z.record(z.string(), z.json()).parse(input);
    await ports.ledger.recordGrouped(
      {
        kind: 'read',
        incident: ports.incident,
        actor,
        body: { read: id, tool: tool.name, arguments: given, digest },
      },
      () => ports.keepRead(id, whole),
    );
    return {
      result: { call: call.id, text: bounded(whole), failed: false },
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

  function state(call: ToolCall): Handled {
    const claims = parsed(stateHypotheses, call);
    const events = new Map(ports.reading.events().map((event) => [event.key, event]));
    const { hypotheses, dropped } = honestHypotheses(
      claims,
      {
        hasEvent: (key) => events.has(key),
        hasRead: ports.hasRead,
        diffWasRead: (change) => {
          const event = events.get(change);
          if (event?.kind !== 'change') return false;
          return event.diff !== undefined || (event.service !== null && rolloutsRead.has(event.service));
        },
      },
      { incident: ports.incident, atMs: ports.clock.now(), newId: () => ports.ids('hyp') },
    );
    ports.ledger.record(
      { kind: 'hypotheses', incident: ports.incident, actor, body: { hypotheses, dropped } },
      () => ports.keepHypotheses(hypotheses),
    );
    return {
      result: answer(call, {
        stated: hypotheses.length,
        dropped,
        ranked: hypotheses.map(({ claim, confidence }) => ({ claim, confidence })),
      }),
      step: { kind: 'stated', hypotheses: hypotheses.length, dropped },
    };
  }

  async function runPropose(tool: ProposeTool, call: ToolCall): Promise<Handled> {
    const { input, about } = parsed(tool, call);
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

  function escalate(call: ToolCall): Handled {
    const given = parsed(escalateTool, call);
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
});

function failed(call: ToolCall, error: unknown): Handled {
  const because = messageOf(error);
  return {
    result: { call: call.id, text: JSON.stringify({ failed: because }), failed: true },
    step: {
      kind: 'read',
      read: '',
      tool: call.name,
      arguments: {},
      found: because,
      digest: '',
      failed: true,
    },
  };
}

const bounded = (text: string) =>
  text.length <= MOST_RESULT_CHARACTERS
    ? text
    : `${text.slice(0, MOST_RESULT_CHARACTERS)}… (${text.length - MOST_RESULT_CHARACTERS} more characters not shown)`;

const specsOf = (tools: readonly { name: string; purpose: string; input: z.ZodType }[]): ToolSpec[] =>
  tools.map(({ name, purpose, input }) => ({
    name,
    purpose,
    inputSchema: z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }),
  }));

const serviceOf = (result: unknown) => z.object({ service: z.string() }).parse(result).service;
