import type { GuardFacts } from '../../shared/formats/guard-request.ts';
import type { Request } from './rule.ts';

/** A request as a file tells it, with what can be told from the rest. */
export function requestFromFacts({ at, ...facts }: GuardFacts, otherwiseAtMs: number): Request {
  const { target } = facts;
  return {
    ...facts,
    atMs: at === undefined ? otherwiseAtMs : Date.parse(at),
    cluster: target.cluster,
    service: facts.service ?? target.name,
    keepsData: facts.keepsData ?? target.kind === 'StatefulSet',
  };
}
