import { HIDDEN } from '../../platform/secret-names.ts';
import type { ChangeFacts } from './what-was-read.ts';

/** The tool and input that put back what stood there before a change, or why nothing can. */
export type UndoInput = { tool: string; input: object; stands: string } | { because: string };

/** For every kind of change but a deploy, whose way back is a revision that the cluster holds. */
export function inputThatUndoes(facts: ChangeFacts): UndoInput {
  const told = whatToPutBack(facts);
  if ('because' in told) return told;
  const { connection, before, field } = told;
  const { object, flag, kind, actor } = facts;
  const stands = `${field} was ${before ?? 'not set'} before and is still what the change made it.`;

  if (kind === 'flag') {
    if (!flag) return { because: 'its source does not say which flag it was' };
    const { project, environment, name } = flag;
    const state = flagBefore(field, before);
    if (!state) return { because: `how ${name} was set before is not known well enough to set it back` };
    const input = { cluster: connection, project, flag: name, environment, ...state };
    return { tool: 'propose_set_flag', input, stands };
  }

  if (!object) return { because: 'its source does not say which object it was' };
  const { namespace, name } = object;
  if (kind === 'config' && object.kind === 'ConfigMap') {
    const input = { cluster: connection, namespace, name, key: field, to: before };
    return { tool: 'propose_revert_config', input, stands };
  }
  const number = wholeNumber(before);
  if (kind === 'traffic' && object.kind === 'Ingress' && number !== null) {
    return {
      tool: 'propose_shift_traffic',
      input: { cluster: connection, namespace, name, weight: number },
      stands,
    };
  }
  if (kind === 'scale' && object.kind === 'Deployment' && number !== null) {
    if (/autoscaler/i.test(actor ?? '')) return { because: 'an autoscaler scaled it and would do so again' };
    if (number <= (wholeNumber(told.after) ?? number))
      return { because: 'it was scaled up, and taking capacity away helps nobody' };
    const input = { cluster: connection, kind: 'Deployment', namespace, name, replicas: number };
    return { tool: 'propose_scale_workload', input, stands };
  }
  return { because: `a ${kind} change of ${object.kind} ${name} is none that an action here can undo` };
}

type Told = { connection: string; field: string; before: string | null; after: string | null };

/** One field with a value before that is whole, still standing as the change left it. */
function whatToPutBack({ connection, diff, now, kind }: ChangeFacts): Told | { because: string } {
  const [only, ...others] = diff;
  if (!only)
    return { because: `the likeliest cause is a ${kind} change whose source does not say what it changed` };
  if (others.length > 0) return { because: `the ${kind} change touched several fields at once` };
  if (connection === null) return { because: 'the system it was made in is not connected' };
  const { path: field, before, after } = only;
  if ([before, after].some((value) => value?.includes(HIDDEN))) {
    return { because: `${field} holds a secret, which nobody but a person should set` };
  }
  if ([before, after].some((value) => value?.endsWith('…'))) {
    return { because: `what ${field} was before is too long to be known whole` };
  }
  if (now === null) return { because: `what ${field} is now could not be read` };
  if (now.value !== after) return { because: `${field} is no longer what the change made it` };
  return { connection, field, before, after };
}

function flagBefore(
  field: string,
  before: string | null,
): { enabled: boolean; percent: number | null } | null {
  if (field === 'enabled' && (before === 'true' || before === 'false')) {
    return { enabled: before === 'true', percent: null };
  }
  const percent = wholeNumber(before);
  return field === 'rollout' && percent !== null && percent <= 100 ? { enabled: true, percent } : null;
}

const wholeNumber = (text: string | null): number | null =>
  text !== null && /^(0|[1-9]\d{0,6})$/.test(text) ? Number(text) : null;
