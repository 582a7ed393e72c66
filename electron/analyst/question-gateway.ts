import { z } from 'zod';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Ledger } from '../ledger/log.ts';
import { messageOf } from '../platform/failure.ts';
import { type AnswerRecord, answerQuestion, honestAnswer } from './answer-question.ts';
import type { ToolCall } from './model-client.ts';
import { type SecretFinder, withoutSecrets } from './outgoing/masking/without-secrets.ts';
import type { Handled, ToolGateway } from './tool-gateway.ts';
import { readTools } from './tools/all.ts';

/** What the loop needs of a gateway. */
export type AnyGateway = Pick<ToolGateway, 'specs' | 'handle'>;

const READABLE: ReadonlySet<string> = new Set(readTools.map(({ name }) => name));

/**
 * The door for a question: the read tools, and the one that answers. Nothing can be stated as a hypothesis, proposed or
 * escalated through it, whatever the model asks for; the answer is recorded here.
 */
export function questionGateway(
  gateway: AnyGateway,
  ports: AnswerRecord & { incident: IncidentId; model: string; ledger: Ledger; secretsIn: SecretFinder },
): AnyGateway {
  const { specs } = gateway;

  async function handle(call: ToolCall, signal: AbortSignal): Promise<Handled> {
    if (READABLE.has(call.name)) return gateway.handle(call, signal);
    if (call.name === answerQuestion.name) return answered(call);
    return failed(call, `There is no tool ${JSON.stringify(call.name)} to answer a question with`);
  }

  /** An answer that is too long for the record is refused in words, as the gateway refuses. */
  async function answered(call: ToolCall): Promise<Handled> {
    try {
      return await answer(call);
    } catch (error) {
      return failed(call, messageOf(error));
    }
  }

  async function answer(call: ToolCall): Promise<Handled> {
    const given = answerQuestion.input.safeParse(call.input);
    if (!given.success) return failed(call, `${answerQuestion.name}: ${z.prettifyError(given.error)}`);
    const told = await withoutSecrets(
      given.data.answer.map(({ sentence }) => sentence),
      ports.secretsIn,
    );
    const lines = given.data.answer.map((line, place) => ({ ...line, sentence: told[place] ?? '' }));
    const honest = honestAnswer(lines, ports);
    ports.ledger.record({
      kind: 'answer',
      incident: ports.incident,
      actor: { kind: 'analyst', name: ports.model },
      body: honest,
    });
    const text = JSON.stringify({ answered: honest.answer.length, dropped: honest.dropped });
    return {
      result: { call: call.id, text, failed: false, source: 'Countersign', outsider: [] },
      step: { kind: 'answered', ...honest },
    };
  }

  return {
    specs: [
      ...specs.filter(({ name }) => READABLE.has(name)),
      {
        name: answerQuestion.name,
        purpose: answerQuestion.purpose,
        inputSchema: z.toJSONSchema(answerQuestion.input, { io: 'input', unrepresentable: 'any' }),
      },
    ],
    handle,
  };
}

const failed = (call: ToolCall, because: string): Handled => ({
  result: {
    call: call.id,
    text: JSON.stringify({ failed: because }),
    failed: true,
    source: 'Countersign',
    outsider: [],
  },
  step: {
    kind: 'read',
    read: '',
    tool: call.name,
    arguments: {},
    found: because,
    digest: '',
    failed: true,
  },
});
