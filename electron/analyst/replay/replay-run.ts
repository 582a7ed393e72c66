import { performance } from 'node:perf_hooks';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import type { ModelPrice, ReplayedRun } from '../../../shared/vocabulary/model.ts';
import { messageOf } from '../../platform/failure.ts';
import { budgetOf, type Limits } from '../budget.ts';
import { analyse } from '../loop.ts';
import type { ModelClient, Outgoing } from '../model-client.ts';
import { compareConclusions } from './compare-conclusions.ts';
import { conclusionOf } from './conclusion.ts';
import { type RecordedStep, type RunStore, recorder } from './recording.ts';
import { replayGateway } from './replay-gateway.ts';
import type { StoredRun } from './stored-run.ts';

/** What is put in the place of the model and the prompt on record. */
export type InFront = {
  client: ModelClient;
  outgoing: Outgoing;
  system: string;
  limits: Limits;
  price: ModelPrice | null;
};

/**
 * Plays a run on record again with another model or prompt, without the outside world, and says where it parts from what
 * was. A model that fails is a conclusion too; only being stopped is not.
 */
export async function replayRun(
  stored: StoredRun,
  { client, outgoing, system, limits, price }: InFront,
  signal: AbortSignal,
): Promise<ReplayedRun> {
  const { begun } = stored;
  const gateway = replayGateway(stored);
  const kept = inMemory();
  const record = recorder(kept.store, {
    id: begun.id,
    incident: IncidentId.parse(begun.incident),
    startedMs: begun.startedMs,
    model: client.id,
    parameters: client.parameters,
    system,
    tools: gateway.specs,
    opening: openingOf(begun.opening),
  });
  try {
    const loop = analyse(
      {
        client,
        outgoing,
        system,
        messages: [openingOf(begun.opening)],
        budget: budgetOf(limits, () => performance.now(), { tokens: true, price }),
        onTurn: ({ turn }) => record.turn(turn),
        gateway: {
          specs: gateway.specs,
          async handle(call) {
            const handled = await gateway.handle(call);
            record.answer(
              call,
              handled.result,
              handled.step.kind === 'proposed' ? handled.step.verdict : undefined,
            );
            return handled;
          },
        },
      },
      signal,
    );
    for await (const event of loop)
      if (event.kind === 'step' && event.step.kind === 'ended') record.ended(event.step.because);
  } catch (error) {
    signal.throwIfAborted();
    record.ended(`it failed: ${messageOf(error)}`);
  }
  const before = conclusionOf({ model: begun.model, price: null, text: stored.text }, stored.steps);
  const after = conclusionOf({ model: client.id, price, text: kept.text }, kept.steps);
  return {
    run: begun.id,
    incident: begun.incident,
    atMs: begun.startedMs,
    before,
    after,
    ...compareConclusions(before, after),
    notRecorded: gateway.notRecorded(),
  };
}

function openingOf({ text, challenge, question }: StoredRun['begun']['opening']) {
  return {
    role: 'user' as const,
    text,
    ...(challenge === undefined ? {} : { challenge }),
    ...(question === undefined ? {} : { question }),
  };
}

/** A replayed run leaves no trace but its report. */
function inMemory() {
  const texts = new Map<string, string>();
  const steps: RecordedStep[] = [];
  const store: RunStore = {
    begin: () => {},
    add: (_run, _incident, step) => void steps.push(step),
    keepText: (digest, text) => void texts.set(digest, text),
  };
  return { store, steps, text: (digest: string) => texts.get(digest) };
}
