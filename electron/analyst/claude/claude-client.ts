import { setTimeout as sleep } from 'node:timers/promises';
import type Anthropic from '@anthropic-ai/sdk';
import type { ChosenModel } from '../../../shared/vocabulary/model.ts';
import { Failure } from '../../platform/failure.ts';
import type { ModelClient, SentRequest, Turn, TurnRequest } from '../model-client.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { modelFailure } from './model-failure.ts';
import { requestBody } from './request-body.ts';
import { turnFold } from './turn-fold.ts';

type Sdk = typeof Anthropic;

export type ClaudePorts = {
  chosen: ChosenModel;
  key: string;
  /** Told each request just before it leaves. */
  sent(request: SentRequest): void;
  /** How patient it is; shorter in tests. */
  patience?: Partial<typeof PATIENCE>;
};

const PATIENCE = {
  /** Until the first byte of an answer. */
  answerMs: 60_000,
  /** Between two events of a stream; servers send a ping every few seconds. */
  silenceMs: 45_000,
  /** Before a turn that broke off is asked for again; doubled each time. */
  againMs: 500,
};

/**
 * What the SDK tries again by itself: refused connections, 408, 409, 429, 5xx and 529, before an answer begins. With its
 * own waits (half a second, doubled) that is two seconds at most, unless the server asks for more.
 */
const RETRIES = 2;
/** How often one turn is asked for when its stream breaks off, which the SDK leaves to us. Asking has no effect but cost. */
const ATTEMPTS = 3;
/** About what a token is in the JSON and English that a model is given; on the safe side. */
const CHARACTERS_PER_TOKEN = 3;

/** A model behind the Messages API. It is given everything it may send, and can do nothing but answer. */
export function claudeClient({ chosen, key, sent, patience: given }: ClaudePorts): ModelClient {
  const patience = { ...PATIENCE, ...given };
  const { model, baseUrl, maxTokens, contextTokens, effort } = chosen;
  let opened: Promise<{ sdk: Sdk; client: Anthropic }> | undefined;
  /** Aborted with the reason when a request was not let out: nothing is tried again then, and the reason is told as it is. */
  const notLetOut = new AbortController();

  function letOut(body: string): void {
    try {
      sent({ model, baseUrl, body });
    } catch (error) {
      notLetOut.abort(error);
      throw error;
    }
  }

  /** The SDK is loaded by the first turn: whoever never asks a model does not pay for it. */
  async function open(): Promise<{ sdk: Sdk; client: Anthropic }> {
    const { default: sdk } = await import('@anthropic-ai/sdk');
    forgetEnvironment();
    const client = new sdk({
      apiKey: key,
      baseURL: baseUrl,
      maxRetries: RETRIES,
      timeout: patience.answerMs,
      fetch: guardedFetch(letOut),
      // Neither log lines nor traces: both would hold what was asked.
      logLevel: 'off',
      openTelemetry: false,
    });
    return { sdk, client };
  }

  async function* turn(request: TurnRequest, signal: AbortSignal): AsyncGenerator<string, Turn> {
    opened ??= open();
    const { sdk, client } = await opened;
    const body = requestBody(request, chosen);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return yield* attemptOf(client, body, signal);
      } catch (error) {
        signal.throwIfAborted();
        notLetOut.signal.throwIfAborted();
        if (attempt >= ATTEMPTS || !isBrokenOff(error, sdk)) throw modelFailure(error, sdk, chosen);
        await sleep(patience.againMs * 2 ** (attempt - 1), undefined, { signal });
      }
    }
  }

  async function* attemptOf(
    client: Anthropic,
    body: Anthropic.MessageCreateParamsStreaming,
    signal: AbortSignal,
  ): AsyncGenerator<string, Turn> {
    const silence = new AbortController();
    const either = AbortSignal.any([signal, silence.signal, notLetOut.signal]);
    const fold = turnFold();
    const stream = await client.messages.create(body, { signal: either });
    let timer = setTimeout(() => silence.abort(), patience.silenceMs);
    try {
      for await (const event of stream) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), patience.silenceMs);
        fold.take(event);
        if (isText(event)) yield fold.text();
      }
    } finally {
      clearTimeout(timer);
    }
    signal.throwIfAborted();
    const whole = fold.turn();
    if (whole) return whole;
    throw new BrokenOff(
      silence.signal.aborted
        ? `${baseUrl} fell silent in the middle of an answer for ${patience.silenceMs / 1_000} s`
        : `${baseUrl} broke its answer off in the middle`,
    );
  }

  return {
    id: model,
    parameters: { baseUrl, maxTokens, contextTokens, effort },
    mostCharacters: Math.max(1, contextTokens - maxTokens) * CHARACTERS_PER_TOKEN,
    turn,
  };
}

/** A stream that ended before its turn did. */
class BrokenOff extends Failure {
  constructor(sentence: string) {
    super(
      'unreachable',
      `${sentence}. Start the analyst again, or choose the offline one in Settings, Model.`,
    );
  }
}

/** Only what broke off after it had begun: the SDK has tried the rest. What it refuses for good is refused. */
function isBrokenOff(error: unknown, { APIError, APIConnectionError }: Sdk): boolean {
  if (error instanceof BrokenOff) return true;
  if (error instanceof Failure || error instanceof APIConnectionError) return false;
  if (error instanceof APIError) return error.status === undefined && !isFinal(error.type);
  // A socket that closes in the middle is a TypeError of fetch; an event that is no JSON a SyntaxError.
  return error instanceof TypeError || error instanceof SyntaxError;
}

const FINAL: ReadonlySet<string> = new Set([
  'invalid_request_error',
  'authentication_error',
  'billing_error',
  'permission_error',
  'not_found_error',
]);
const isFinal = (type: string | null | undefined): boolean => type != null && FINAL.has(type);

const isText = (event: Anthropic.RawMessageStreamEvent): boolean =>
  event.type === 'content_block_delta' && event.delta.type === 'text_delta';

/**
 * The SDK reads a key, a place, headers and a log level from the environment of whoever started Countersign. None of them
 * was shown to the person who agreed to what leaves the machine.
 */
function forgetEnvironment(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('ANTHROPIC_')) delete process.env[name];
}
