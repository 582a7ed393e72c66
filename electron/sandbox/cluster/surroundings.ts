import { z } from 'zod';
import { Condition, IntOrPercent, ObjectMeta, Selector, Texts } from './meta.ts';

/** What stands around workloads: how they are reached, scaled and protected, and what they keep secret. */

export const HorizontalPodAutoscaler = z.looseObject({
  apiVersion: z.literal('autoscaling/v2'),
  kind: z.literal('HorizontalPodAutoscaler'),
  metadata: ObjectMeta,
  spec: z.looseObject({
    scaleTargetRef: z.looseObject({ apiVersion: z.string(), kind: z.string(), name: z.string() }),
    minReplicas: z.number().int().min(1).default(1),
    maxReplicas: z.number().int().min(1),
    metrics: z
      .array(
        z.looseObject({
          type: z.literal('Resource'),
          resource: z.looseObject({
            name: z.string(),
            target: z.looseObject({ type: z.literal('Utilization'), averageUtilization: z.number() }),
          }),
        }),
      )
      .optional(),
  }),
  status: z.looseObject({
    currentReplicas: z.number().default(0),
    desiredReplicas: z.number().default(0),
    lastScaleTime: z.string().optional(),
    currentMetrics: z
      .array(
        z.looseObject({
          type: z.literal('Resource'),
          resource: z.looseObject({
            name: z.string(),
            current: z.looseObject({ averageUtilization: z.number(), averageValue: z.string() }),
          }),
        }),
      )
      .optional(),
    conditions: z.array(Condition).optional(),
  }),
});
export type HorizontalPodAutoscaler = z.infer<typeof HorizontalPodAutoscaler>;

export const PodDisruptionBudget = z.looseObject({
  apiVersion: z.literal('policy/v1'),
  kind: z.literal('PodDisruptionBudget'),
  metadata: ObjectMeta,
  spec: z.looseObject({
    minAvailable: IntOrPercent.optional(),
    maxUnavailable: IntOrPercent.optional(),
    selector: Selector,
  }),
  status: z.looseObject({
    observedGeneration: z.number().optional(),
    disruptionsAllowed: z.number().default(0),
    currentHealthy: z.number().default(0),
    desiredHealthy: z.number().default(0),
    expectedPods: z.number().default(0),
    conditions: z.array(Condition).optional(),
  }),
});
export type PodDisruptionBudget = z.infer<typeof PodDisruptionBudget>;

export const Service = z.looseObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Service'),
  metadata: ObjectMeta,
  spec: z.looseObject({
    type: z.literal('ClusterIP'),
    clusterIP: z.string(),
    clusterIPs: z.array(z.string()),
    selector: Texts,
    ports: z.array(
      z.looseObject({
        name: z.string(),
        port: z.number().int(),
        targetPort: z.union([z.number().int(), z.string()]),
        protocol: z.literal('TCP'),
      }),
    ),
    sessionAffinity: z.literal('None'),
  }),
  status: z.looseObject({ loadBalancer: z.looseObject({}) }),
});
export type Service = z.infer<typeof Service>;

/** Of the Gateway API, v1: how a gateway splits the requests for some hosts over Services. */
export const HTTPRoute = z.looseObject({
  apiVersion: z.literal('gateway.networking.k8s.io/v1'),
  kind: z.literal('HTTPRoute'),
  metadata: ObjectMeta,
  spec: z.looseObject({
    parentRefs: z.array(z.looseObject({ name: z.string() })).optional(),
    hostnames: z.array(z.string()).optional(),
    rules: z.array(
      z.looseObject({
        backendRefs: z
          .array(
            z.looseObject({
              name: z.string(),
              port: z.number().int().optional(),
              weight: z.number().int().min(0).max(1_000_000).optional(),
            }),
          )
          .optional(),
      }),
    ),
  }),
  status: z.looseObject({ parents: z.array(z.looseObject({})) }),
});
export type HTTPRoute = z.infer<typeof HTTPRoute>;

export const Ingress = z.looseObject({
  apiVersion: z.literal('networking.k8s.io/v1'),
  kind: z.literal('Ingress'),
  metadata: ObjectMeta,
  spec: z.looseObject({
    ingressClassName: z.string().optional(),
    rules: z.array(
      z.looseObject({
        host: z.string(),
        http: z.looseObject({
          paths: z.array(
            z.looseObject({
              path: z.string(),
              pathType: z.string(),
              backend: z.looseObject({
                service: z.looseObject({ name: z.string(), port: z.looseObject({}) }),
              }),
            }),
          ),
        }),
      }),
    ),
  }),
  status: z.looseObject({
    loadBalancer: z.looseObject({ ingress: z.array(z.looseObject({ ip: z.string() })).optional() }),
  }),
});
export type Ingress = z.infer<typeof Ingress>;

export type Secret = {
  apiVersion: 'v1';
  kind: 'Secret';
  metadata: ObjectMeta;
  type: string;
  data: Record<string, string>;
};
