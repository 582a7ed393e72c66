import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import { Failure, messageOf } from '../../platform/failure.ts';

type Place = { baseUrl: string; model: string };

const ErrorBody = z.object({ error: z.object({ type: z.string().optional(), message: z.string() }) });

/** What the server said, bounded: it is outside text, shown to a person and kept on record. */
const saidBy = (error: InstanceType<typeof Anthropic.APIError>): string => {
  const said = ErrorBody.safeParse(error.error).data?.error.message ?? '';
  return said === '' ? '' : ` It says: ${said.slice(0, 300)}`;
};

/** The sentence for a person about what went wrong between here and a model, with the remedy. */
export function modelFailure(
  error: unknown,
  { APIError, APIConnectionError }: typeof Anthropic,
  at: Place,
): unknown {
  if (error instanceof APIConnectionError) {
    const cause = error.cause === undefined ? error.message : messageOf(error.cause);
    return new Failure(
      'unreachable',
      `The model's server ${at.baseUrl} does not answer (${cause}). Look at the base URL in Settings, Model.`,
      error,
    );
  }
  if (!(error instanceof APIError)) return error;
  const said = saidBy(error);
  switch (error.status) {
    case 401:
    case 403:
      return new Failure(
        'unauthorized',
        `${at.baseUrl} refuses the key (${error.status}). Enter another in Settings, Model.${said}`,
        error,
      );
    case 404:
      return new Failure(
        'not_found',
        `${at.baseUrl} does not know the model ${at.model} (404). Look at its id and the base URL in Settings, Model.${said}`,
        error,
      );
    case 429:
      return new Failure(
        'unreachable',
        `${at.baseUrl} limits how much may be asked now (429). Wait, or choose the offline analyst.${said}`,
        error,
      );
    case 529:
      return new Failure(
        'unreachable',
        `${at.baseUrl} is overloaded (529). Start the analyst again later, or choose the offline one.${said}`,
        error,
      );
    default:
      return new Failure(
        error.status !== undefined && error.status < 500 ? 'bad_reply' : 'unreachable',
        error.status === undefined
          ? `${at.baseUrl} broke its answer off.${said}`
          : `${at.baseUrl} answered ${error.status}.${said}`,
        error,
      );
  }
}
