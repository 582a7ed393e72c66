import type { ManagedBy, Ownership } from '../source.ts';
import type { Meta } from './resources.ts';

/** What an object says of who delivers it; anybody who may edit the object can have written it. */
export type Marked = Pick<Meta, 'labels' | 'annotations' | 'managedFields' | 'namespace'>;

/** Who owns an object, in both the short form that rules compare and the long one that people read. */
export function ownedBy(meta: Marked): { managedBy: ManagedBy; ownership: Ownership | null } {
  const ownership = ownershipOf(meta);
  return { managedBy: ownership?.by ?? null, ownership };
}

/**
 * Recognises the delivery systems by labels, annotations and the names under which they write (managedFields). Argo CD and
 * Flux come first: both deliver charts, and what they render carries the marks of Helm too.
 */
export function ownershipOf(meta: Marked): Ownership | null {
  const by = systemOf(meta);
  if (by === null) return null;
  const name = nameIn(by, meta);
  const repository = locationIn(meta.annotations, repositoryAnnotations);
  const revision = wordIn(meta.annotations, revisionAnnotations);
  return { by, name, repository, revision, ...saying({ by, name, repository, revision }, meta) };
}

const marks = {
  'argo-cd': ['argocd.argoproj.io/instance', 'argocd.argoproj.io/tracking-id'],
  flux: ['kustomize.toolkit.fluxcd.io/name', 'helm.toolkit.fluxcd.io/name'],
  helm: ['meta.helm.sh/release-name', 'helm.sh/chart'],
} as const;

const writers = {
  'argo-cd': ['argocd-controller', 'argocd-application-controller', 'argocd'],
  flux: ['kustomize-controller', 'helm-controller', 'flux'],
  helm: ['helm', 'Helm'],
} as const;

const systems = ['argo-cd', 'flux', 'helm'] as const;

function systemOf({ labels, annotations, managedFields }: Marked): Ownership['by'] | null {
  const isMarked = (by: Ownership['by']) =>
    marks[by].some((mark) => Object.hasOwn(labels, mark) || Object.hasOwn(annotations, mark));
  const writes = (by: Ownership['by']) =>
    managedFields.some(
      ({ manager, subresource }) => !subresource && (writers[by] as readonly string[]).includes(manager),
    );
  const found = systems.find((by) => isMarked(by) || writes(by));
  if (found) return found;
  return labels['app.kubernetes.io/managed-by'] === 'Helm' ? 'helm' : null;
}

function nameIn(by: Ownership['by'], { labels, annotations }: Marked): string | null {
  switch (by) {
    case 'argo-cd': {
      // <application>:<group>/<kind>:<namespace>/<name>
      const tracked = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0];
      return word(tracked) ?? word(labels['argocd.argoproj.io/instance']) ?? instanceOf(labels);
    }
    case 'flux':
      return word(labels['kustomize.toolkit.fluxcd.io/name']) ?? word(labels['helm.toolkit.fluxcd.io/name']);
    case 'helm':
      return word(annotations['meta.helm.sh/release-name']) ?? instanceOf(labels);
  }
}

const instanceOf = (labels: Record<string, string>) => word(labels['app.kubernetes.io/instance']);

/** Annotations by which teams say where an object is kept; neither delivery system writes it onto objects by itself. */
const repositoryAnnotations = [
  'argocd.argoproj.io/repo-url',
  'org.opencontainers.image.source',
  'a8r.io/repository',
  'backstage.io/source-location',
];
const revisionAnnotations = [
  'kustomize.toolkit.fluxcd.io/revision',
  'argocd.argoproj.io/revision',
  'org.opencontainers.image.revision',
];

type Said = Pick<Ownership, 'by' | 'name' | 'repository' | 'revision'>;

function saying({ by, name, repository, revision }: Said, { namespace }: Marked) {
  const where = [
    repository === null ? [] : [`kept in ${repository}`],
    revision === null ? [] : [`at ${revision}`],
  ].flat();
  const kept = where.length === 0 ? '' : ` (${where.join(' ')})`;
  const place = repository ?? 'its repository';
  switch (by) {
    case 'argo-cd':
      return {
        sentence: `Argo CD delivers it${named(' as application', name)}${kept} and will revert a live edit at its next sync`,
        revert: `Revert the change in ${place} and let Argo CD sync${named('', name)}`,
      };
    case 'flux':
      return {
        sentence: `Flux delivers it${named(' by', name)}${kept} and will revert a live edit at its next reconciliation`,
        revert: `Revert the change in ${place} and let Flux reconcile${named('', name)}`,
      };
    case 'helm':
      return {
        sentence: `Helm installed it${named(' as release', name)}${kept}: a live edit drifts from the release, and its next upgrade takes it back`,
        revert:
          name === null
            ? `Revert the change in ${place} and upgrade the release`
            : `Revert the change in ${place}, or roll the release back: helm -n ${namespace} rollback ${name}`,
      };
  }
}

const named = (before: string, name: string | null) => (name === null ? '' : `${before} ${name}`);

const wordIn = (annotations: Record<string, string>, keys: readonly string[]) =>
  keys.map((key) => word(annotations[key])).find((found) => found !== null) ?? null;

const locationIn = (annotations: Record<string, string>, keys: readonly string[]) =>
  keys.map((key) => location(annotations[key])).find((found) => found !== null) ?? null;

/** A name as these systems give them; whatever else stands there is not repeated on a card. */
const word = (text: string | undefined): string | null =>
  text !== undefined && /^[A-Za-z0-9][A-Za-z0-9._@:/-]{0,199}$/.test(text) ? text : null;

/** An address without whatever stands before its host, where people leave tokens. */
function location(text: string | undefined): string | null {
  const plain = text?.replace(/^url:/, '').replace(/:\/\/[^/@]*@/, '://');
  return plain !== undefined && /^[A-Za-z0-9][A-Za-z0-9._~:/@+-]{0,299}$/.test(plain) ? plain : null;
}
