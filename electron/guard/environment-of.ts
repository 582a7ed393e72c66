import type { Envelope } from '../../shared/formats/envelope.ts';
import { fitsAny } from './pattern.ts';
import type { Request } from './rule.ts';

type Environment = Envelope['environments'][number];
type Place = Pick<Request, 'target' | 'cluster' | 'namespaceLabels'>;

/** The first environment that the target belongs to, or null. */
export const environmentOf = ({ environments }: Envelope, place: Place): string | null =>
  environments.find((environment) => holds(environment, place))?.name ?? null;

function holds(environment: Environment, { target, cluster, namespaceLabels }: Place): boolean {
  const { namespaces, clusters, flagEnvironments, namespaceLabels: asked = {} } = environment;
  if (clusters && !fitsAny(clusters, cluster)) return false;
  if (target.kind === 'Flag') return fitsAny(flagEnvironments ?? [], target.namespace);
  // A node runs pods of many namespaces: it belongs to the first environment of its cluster.
  if (target.namespace === '') return clusters !== undefined;
  return (
    fitsAny(namespaces ?? [], target.namespace) &&
    Object.entries(asked).every(
      ([label, value]) => Object.hasOwn(namespaceLabels, label) && namespaceLabels[label] === value,
    )
  );
}
