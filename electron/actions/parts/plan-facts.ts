import type { ManagedBy, Ownership } from '../../connectors/source.ts';

type State = {
  serviceTier: number | null;
  managedBy: ManagedBy;
  ownership: Ownership | null;
  keepsData?: boolean;
  backupRunning?: string | null;
};

/** What a plan takes over from the state of its target as it was read. What is not told of data keeps none. */
export const planFacts = ({
  serviceTier,
  managedBy,
  ownership,
  keepsData = false,
  backupRunning = null,
}: State) => ({ serviceTier, managedBy, ownership, keepsData, backupRunning });

/** One workload with its pods, as what is touched. */
export const oneWorkload = (name: string, pods: number, tier: number | null) => ({
  pods,
  workloads: [name],
  services: [{ name, tier }],
});
