import type { ConnectionDescription } from '../../../shared/vocabulary/connection.ts';

/** What a cluster is to Countersign, as far as it may look: everywhere, or in these namespaces. */
export const descriptionOf = (of: {
  namespaces: readonly string[] | undefined;
  showsValues: boolean;
  writesApart: boolean;
}): ConnectionDescription => ({
  reads: [
    `rollouts, scaling, edits of config maps, routes and Events ${of.namespaces ? `in ${of.namespaces.join(', ')}` : 'in every namespace that its credential may read'}`,
    'the last 24 hours, as far as the cluster still holds them',
  ],
  unseen: [
    'secrets',
    ...(of.showsValues ? [] : ['values of config maps: their keys alone']),
    ...(of.namespaces ? ['other namespaces, and nodes'] : []),
    'namespaces that the envelope does not let be read (reads.namespaces)',
  ],
  answers: [
    'an object field by field',
    'Events, pods and the log of a container',
    'revisions and their difference',
  ],
  writes: [
    `what the actions of the envelope need, each on approval${of.writesApart ? ', with a token asked for that one write' : ''}`,
  ],
});
