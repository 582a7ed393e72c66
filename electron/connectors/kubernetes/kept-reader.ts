import type { ObjectRef } from '../source.ts';
import { readBackup } from './backup-reader.ts';
import type { ClusterApi } from './cluster-api.ts';
import { keepsData } from './data-marks.ts';
import type { Workload } from './resources.ts';

type Kept = { keepsData: boolean; backupRunning: string | null };

/** What a workload keeps, and the backup being made of it; backups are looked for only where there is data. */
export async function readKept(
  api: ClusterApi,
  workload: Pick<Workload, 'metadata' | 'spec'> & { kind: string },
  signal: AbortSignal,
): Promise<Kept> {
  if (!isKeeping(workload)) return { keepsData: false, backupRunning: null };
  const { namespace, name }: ObjectRef = workload.metadata;
  return { keepsData: true, backupRunning: await readBackup(api, { namespace, name }, signal) };
}

/** A StatefulSet counts as keeping data whatever its volumes say: it is there for what must not be mixed up. */
export const isKeeping = ({
  kind,
  metadata,
  spec,
}: Pick<Workload, 'metadata' | 'spec'> & { kind: string }): boolean =>
  kind === 'StatefulSet' ||
  (spec.volumeClaimTemplates?.length ?? 0) > 0 ||
  keepsData(metadata.labels, spec.template);
