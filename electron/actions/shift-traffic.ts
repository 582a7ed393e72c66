import { z } from 'zod';
import type { Target } from '../../shared/vocabulary/proposal.ts';
import { type BackOut, defineAction, type Permission } from './action.ts';
import { IngressWeight, ingressWeight } from './traffic/ingress-weight.ts';
import { RouteWeights, routeWeights } from './traffic/route-weights.ts';
import { ServiceSelector, serviceSelector } from './traffic/service-selector.ts';

const Input = z.union([IngressWeight, ServiceSelector, RouteWeights]);
type Input = z.output<typeof Input>;

/** Leads traffic elsewhere, by whichever object leads it now. The envelope bounds weights, shares and steps. */
export const shiftTraffic = defineAction<'cluster', Input>({
  name: 'shift-traffic',
  on: 'cluster',
  purpose:
    'Shift traffic: the weight of an Ingress (its weighted DNS record, external-dns, 0 to 255; or its canary weight, ingress-nginx, 0 to 100), one value in the selector of a Service (blue and green), or the weights of the backends of an HTTPRoute.',
  input: Input,
  permissions: distinct([
    ...ingressWeight.permissions,
    ...serviceSelector.permissions,
    ...routeWeights.permissions,
  ]),
  needs: (input) =>
    byKind(
      input,
      () => ingressWeight.permissions,
      () => serviceSelector.permissions,
      () => routeWeights.permissions,
    ),
  target: ({ cluster, kind, namespace, name }): Target => ({ cluster, kind, namespace, name }),

  plan: (input, ...rest) =>
    byKind(
      input,
      (ingress) => ingressWeight.plan(ingress, ...rest),
      (service) => serviceSelector.plan(service, ...rest),
      (route) => routeWeights.plan(route, ...rest),
    ),
  preflight: (input, ...rest) =>
    byKind(
      input,
      (ingress) => ingressWeight.preflight(ingress, ...rest),
      (service) => serviceSelector.preflight(service, ...rest),
      (route) => routeWeights.preflight(route, ...rest),
    ),
  execute: (input, ...rest) =>
    byKind(
      input,
      (ingress) => ingressWeight.execute(ingress, ...rest),
      (service) => serviceSelector.execute(service, ...rest),
      (route) => routeWeights.execute(route, ...rest),
    ),
  backOut: (input, seen): BackOut => ({
    action: 'shift-traffic',
    input: byKind<Input>(
      input,
      (ingress) => ingressWeight.back(ingress, seen),
      (service) => serviceSelector.back(service, seen),
      (route) => routeWeights.back(route, seen),
    ),
  }),
  trace: (input, ...rest) =>
    byKind(
      input,
      (ingress) => ingressWeight.trace(ingress, ...rest),
      (service) => serviceSelector.trace(service, ...rest),
      (route) => routeWeights.trace(route, ...rest),
    ),
});

function byKind<Answer>(
  input: Input,
  ofIngress: (input: IngressWeight) => Answer,
  ofService: (input: ServiceSelector) => Answer,
  ofRoute: (input: RouteWeights) => Answer,
): Answer {
  switch (input.kind) {
    case 'Ingress':
      return ofIngress(input);
    case 'Service':
      return ofService(input);
    case 'HTTPRoute':
      return ofRoute(input);
  }
}

/** Each right once: two ways may need the same one. */
function distinct(permissions: readonly Permission[]): Permission[] {
  return [...new Map(permissions.map((each) => [JSON.stringify(each), each])).values()];
}
