import type { Envelope } from '../../../shared/formats/envelope.ts';
import type { WhatPoliciesRead } from '../cedar/what-policies-read.ts';

/** Somewhere a target can be, standing for all like it: what the envelope or a policy tells apart. */
export type Place = {
  cluster: string;
  namespace: string;
  name: string;
  service: string;
  namespaceLabels: Record<string, string>;
};

/** No envelope should have more; what is over is not tabulated, and the table says so. */
const MOST_PLACES = 8;

/** A stand-in for whatever no pattern and no policy names. */
const ELSE = 'elsewhere';
const elsewhere: Place = { cluster: ELSE, namespace: ELSE, name: ELSE, service: ELSE, namespaceLabels: {} };

/**
 * The places that the given envelopes and their policies tell apart, for one kind of target: each pattern with `x` for its
 * stars, each name that a policy compares with, and one that fits nothing.
 */
export function placesFor(
  kind: string,
  envelopes: readonly Envelope[],
  read: WhatPoliciesRead,
): { places: Place[]; left: number } {
  const places = [
    elsewhere,
    ...envelopes.flatMap(({ environments }) => environments.flatMap((one) => placesOf(kind, one))),
  ];
  const texts = (member: string) => (read.texts.get(member) ?? []).map(standIn).filter(isName);
  const first = places[1] ?? elsewhere;
  if (kind !== 'Node') {
    places.push(...texts('resource.namespace').map((namespace) => ({ ...first, namespace })));
  }
  places.push(
    ...texts('resource.name').map((name) => ({ ...first, name })),
    ...texts('resource.service').map((service) => ({ ...first, service })),
    ...texts('resource.cluster').map((cluster) => ({ ...first, cluster })),
    ...(read.texts.get('resource.*') ?? []).flatMap((id) => placeOfId(kind, id, first)),
  );
  const told = [...new Map(places.map((place) => [placeInWords(kind, place), place])).entries()].map(
    ([, place]) => place,
  );
  return { places: told.slice(0, MOST_PLACES), left: Math.max(0, told.length - MOST_PLACES) };
}

export function placeInWords(
  kind: string,
  { cluster, namespace, name, service, namespaceLabels }: Place,
): string {
  const labels = Object.entries(namespaceLabels)
    .map(([label, value]) => ` ${label}=${value}`)
    .toSorted()
    .join('');
  const where = kind === 'Node' ? name : `${namespace}${labels}/${name}`;
  return `${where} of ${service} on ${cluster}`;
}

function placesOf(kind: string, environment: Envelope['environments'][number]): Place[] {
  const { namespaces = [], clusters = [ELSE], flagEnvironments = [], namespaceLabels = {} } = environment;
  const inside = kind === 'Flag' ? flagEnvironments : kind === 'Node' ? [''] : namespaces;
  return clusters.flatMap((cluster) =>
    inside.map((namespace) => ({
      ...elsewhere,
      cluster: standIn(cluster),
      namespace: standIn(namespace),
      namespaceLabels,
    })),
  );
}

/** `cluster/Kind/namespace/name`, as policies name one target. */
function placeOfId(kind: string, id: string, first: Place): Place[] {
  const [cluster = '', of, namespace = '', name = '', ...more] = id.split('/');
  if (of !== kind || more.length > 0 || name === '') return [];
  return [{ ...first, cluster, namespace, name, service: name }];
}

const standIn = (pattern: string): string => pattern.replace(/\*+/g, 'x');
const isName = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text);
