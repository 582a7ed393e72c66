import type { Envelope } from '../../shared/formats/envelope.ts';
import { fitsAny } from './pattern.ts';
import type { Request } from './rule.ts';

type Environment = Envelope['environments'][number];
type Place = Pick<Request, 'target' | 'cluster' | 'namespaceLabels'>;

/** The first environment that the target belongs to, or null. */
export const environmentOf = ({ environments }: Envelope, place: Place): string | null =>
  environments.find((environment) => holds(environment, place))?.name ?? null;

/** The labels of its namespace that tell whether the target belongs to an environment which is open to it otherwise. */
export function namespaceLabelsAsked(
  { environments }: Envelope,
  place: Omit<Place, 'namespaceLabels'>,
): string[] {
  // Neither a flag nor a node is in a namespace.
  if (place.target.kind === 'Flag' || place.target.namespace === '') return [];
  const open = environments.filter((environment) => holdsWithoutLabels(environment, place));
  return [...new Set(open.flatMap(({ namespaceLabels = {} }) => Object.keys(namespaceLabels)))].sort();
}

function holds(environment: Environment, { namespaceLabels, ...place }: Place): boolean {
  if (!holdsWithoutLabels(environment, place)) return false;
  if (place.target.kind === 'Flag' || place.target.namespace === '') return true;
  return Object.entries(environment.namespaceLabels ?? {}).every(
    ([label, value]) => Object.hasOwn(namespaceLabels, label) && namespaceLabels[label] === value,
  );
}

function holdsWithoutLabels(
  environment: Environment,
  { target, cluster }: Omit<Place, 'namespaceLabels'>,
): boolean {
  const { namespaces, clusters, flagEnvironments } = environment;
  if (clusters && !fitsAny(clusters, cluster)) return false;
  if (target.kind === 'Flag') return fitsAny(flagEnvironments ?? [], target.namespace);
  // A node runs pods of many namespaces: it belongs to the first environment of its cluster.
  if (target.namespace === '') return clusters !== undefined;
  return fitsAny(namespaces ?? [], target.namespace);
}
