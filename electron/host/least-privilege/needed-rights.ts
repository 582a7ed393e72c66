import type { Envelope } from '../../../shared/formats/envelope.ts';
import { ownReads } from '../../connectors/kubernetes/own-reads.ts';
import { type Right, rightInWords } from '../../connectors/kubernetes/rights.ts';

/** An action as far as rights go. */
export type Needing = {
  name: string;
  on: string;
  permissions: readonly (Right & { scope: 'namespace' | 'cluster' })[];
};

/** Rights in each namespace that is worked in, and rights in the cluster as a whole. */
export type Rights = { inNamespaces: Right[]; inCluster: Right[] };

/** `reader` is held all the time; `writer` for one approval. */
export type NeededRights = { reader: Rights; writer: Rights };

const READING = new Set(['get', 'list', 'watch']);

/**
 * What Countersign needs at a cluster for these actions, and not a verb more: to read what the connector and the plans of
 * the actions read, and to write what the actions write. The writer reads too, since a write is checked against state read
 * for it alone.
 */
export function neededRights(
  actions: readonly Needing[],
  { environments }: Pick<Envelope, 'environments'> = { environments: [] },
): NeededRights {
  const permissions = actions.filter(({ on }) => on === 'cluster').flatMap((action) => action.permissions);
  const of = (scope: 'namespace' | 'cluster') =>
    permissions.filter((permission) => permission.scope === scope);
  const reads = (rights: readonly Right[]) => rights.filter(({ verb }) => READING.has(verb));
  return {
    reader: {
      inNamespaces: once([...ownReads, ...labelReads(environments), ...reads(of('namespace'))]),
      inCluster: once(reads(of('cluster'))),
    },
    writer: { inNamespaces: once(of('namespace')), inCluster: once(of('cluster')) },
  };
}

/** The labels of a namespace are read only where an environment is told by some. */
const labelReads = (environments: Envelope['environments']): Right[] =>
  environments.some(({ namespaceLabels = {} }) => Object.keys(namespaceLabels).length > 0)
    ? [{ verb: 'get', group: '', resource: 'namespaces' }]
    : [];

function once(rights: readonly Right[]): Right[] {
  const known = new Map(
    rights.map(({ verb, group, resource }) => {
      const right = { verb, group, resource };
      return [rightInWords(right), right];
    }),
  );
  return [...known.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, right]) => right);
}
