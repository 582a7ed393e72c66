import type { ManagedBy } from '../source.ts';

/** How important its service is, as the label `countersign.dev/tier` says; null when nobody says. */
export function tierOf(labels: Record<string, string>): number | null {
  const tier = /^[1-5]$/.exec(labels['countersign.dev/tier'] ?? '')?.[0];
  return tier === undefined ? null : Number(tier);
}

/** The tier of several together: the most important one's, or null when one of them is unknown, which counts as that. */
export const mostImportant = (tiers: readonly (number | null)[]): number | null =>
  tiers.length === 0 || tiers.includes(null) ? null : Math.min(...tiers.filter((tier) => tier !== null));

/** The marks that delivery systems leave on what they own; any of them would undo an edit made beside it. */
export function managerOf({
  labels,
  annotations,
}: {
  labels: Record<string, string>;
  annotations: Record<string, string>;
}): ManagedBy {
  const has = (marks: readonly string[]) => marks.some((mark) => mark in labels || mark in annotations);
  if (has(['argocd.argoproj.io/instance', 'argocd.argoproj.io/tracking-id'])) return 'argo-cd';
  if (has(['kustomize.toolkit.fluxcd.io/name', 'helm.toolkit.fluxcd.io/name'])) return 'flux';
  if (has(['meta.helm.sh/release-name']) || labels['app.kubernetes.io/managed-by'] === 'Helm') return 'helm';
  return null;
}
