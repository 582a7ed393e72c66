import type { Connector, RightsReader } from '../../connectors/source.ts';
import type { Reviewed } from './compare.ts';
import { dangers } from './dangerous-rights.ts';

/** Every danger is asked about once in the cluster as a whole, and where that is denied in so many namespaces. */
const MOST_NAMESPACES = 3;

/**
 * Asks a system what the credentials of a connection may do there. Whatever of it cannot be asked fails the review: half an
 * answer would look like a narrow credential. Groups alone may stay untold; then the review says that it is incomplete.
 */
export async function reviewCredential(
  { cluster, rights }: Pick<Connector, 'cluster'> & { rights: RightsReader },
  signal: AbortSignal,
): Promise<Reviewed> {
  const hints = (await cluster?.topologyHints(signal)) ?? [];
  const found = hints.flatMap(({ namespace }) => namespace ?? []);
  const namespaces = [...new Set(found)].sort().slice(0, MOST_NAMESPACES);

  const widely = await answersTo(
    rights,
    dangers.map((danger) => ({ danger, namespace: undefined })),
    signal,
  );
  const deniedWidely = widely.filter(
    ({ danger, answer }) => answer === 'denied' && danger.scope === 'anywhere',
  );
  const inNamespaces = await answersTo(
    rights,
    deniedWidely.flatMap(({ danger }) => namespaces.map((namespace) => ({ danger, namespace }))),
    signal,
  );
  const rules = await Promise.all(namespaces.map((namespace) => rights.rules(namespace, signal)));
  const groups = await rights.groups(signal);
  return {
    answers: [...widely, ...inNamespaces],
    held: rules.flatMap(({ held }) => held),
    incomplete: groups === null || rules.length === 0 || rules.some(({ incomplete }) => incomplete),
    // Whom nothing is refused is found by the reviews as well: each danger is allowed.
    groups: groups ?? [],
  };
}

async function answersTo(
  rights: RightsReader,
  asked: readonly { danger: (typeof dangers)[number]; namespace: string | undefined }[],
  signal: AbortSignal,
): Promise<Reviewed['answers']> {
  const questions = asked.map(({ danger: { verb, group, resource, name }, namespace }) => ({
    verb,
    group,
    resource,
    name,
    namespace,
  }));
  const answers = await rights.review(questions, signal);
  return asked.map((one, at) => ({ ...one, answer: answers[at] ?? 'unclear' }));
}
