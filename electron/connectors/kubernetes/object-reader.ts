import { Failure } from '../../platform/failure.ts';
import type { ObjectReader } from '../inspection.ts';
import type { ClusterApi } from './cluster-api.ts';
import { readDeployment } from './cluster-reader.ts';
import { describeObject } from './describe-object.ts';
import { readEvents } from './object-events.ts';
import { readPodLog, readPodsOf } from './pod-logs.ts';
import { templateDiff } from './pod-template.ts';
import { revisionOf } from './resources.ts';

/** What people look at in a cluster while they think. It only reads, within the scope that `api` was given. */
export const objectReader = (api: ClusterApi): ObjectReader => ({
  describe: (kind, ref, signal) => describeObject(api, kind, ref, signal),

  async compareRevisions(ref, { from, to }, signal) {
    const { sets } = await readDeployment(api, ref, signal);
    const held = (revision: number) => {
      const found = sets.find((set) => revisionOf(set) === revision);
      if (found) return found.spec.template;
      const known = sets.map(revisionOf).join(', ');
      throw new Failure(
        'not_found',
        `Revision ${revision} of ${ref.namespace}/${ref.name} is not held any more; held are ${known || 'none'}`,
      );
    };
    return templateDiff(held(from), held(to));
  },

  events: (where, signal) => readEvents(api, where, signal),
  podsOf: (where, signal) => readPodsOf(api, where, signal),
  podLog: (ref, wish, signal) => readPodLog(api, ref, wish, signal),
});
