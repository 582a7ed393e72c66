import { z } from 'zod';
import type { Proposal, Target } from '../../shared/vocabulary/proposal.ts';
import type { EnvelopeInForce } from '../guard/envelope/loaded-envelope.ts';
import { namespaceLabelsAsked } from '../guard/environment-of.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import { notReadable, type ProposalContext } from './context.ts';

type Facts = Proposal['seen'];

/** Among the facts that a proposal rests on, the labels of its target's namespace that environments are told by. */
const FACT = 'namespaceLabels';
const Labels = z.record(z.string(), z.string());

/**
 * Those labels as a fact, read now and kept nowhere: who may still do what must not rest on an older answer. No fact where
 * no environment of the envelope that the target could be in asks for one, and then the namespace is not read either.
 * @throws Failure when it cannot be read. Without the labels the target could pass for one of a laxer environment.
 */
export async function namespaceFacts(
  context: ProposalContext,
  target: Target,
  inForce: EnvelopeInForce,
  signal: AbortSignal,
): Promise<Facts> {
  if (inForce.kind === 'none') return {};
  const asked = namespaceLabelsAsked(inForce.loaded.envelope, { target, cluster: target.cluster });
  if (asked.length === 0) return {};
  const there = await labelsOf(context, target, signal);
  const found = asked.flatMap((label) => (Object.hasOwn(there, label) ? [[label, there[label]]] : []));
  return { [FACT]: Object.fromEntries(found) };
}

/** The labels in the facts of a proposal. */
export const namespaceLabelsIn = (seen: Facts): Record<string, string> =>
  Object.hasOwn(seen, FACT) ? Labels.parse(seen[FACT]) : {};

/** How they are otherwise now than when it was proposed, or null. Both were read for the same envelope. */
export function relabelled(was: Facts, is: Facts): string | null {
  const [before, now] = [namespaceLabelsIn(was), namespaceLabelsIn(is)];
  const changed = [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .sort()
    .filter((label) => before[label] !== now[label]);
  if (changed.length === 0) return null;
  const words = changed.map(
    (label) => `${label} is ${now[label] ?? 'gone'}, was ${before[label] ?? 'not there'}`,
  );
  return `the namespace has other labels: ${words.join('; ')}`;
}

async function labelsOf(
  context: ProposalContext,
  { cluster, namespace }: Target,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const reader = context.systems(cluster).cluster?.reader;
  if (!reader) throw new Failure('not_found', notReadable(cluster));
  try {
    return await reader.namespaceLabels(namespace, signal);
  } catch (error) {
    throw new Failure(
      error instanceof Failure ? error.code : 'unreachable',
      `The labels of namespace ${namespace}, by which the envelope tells environments, cannot be read: ${messageOf(error)} The roles that \`countersign rbac\` writes for this envelope let it.`,
      error,
    );
  }
}
