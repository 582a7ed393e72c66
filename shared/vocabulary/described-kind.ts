import { z } from 'zod';

/** Kinds of Kubernetes objects that can be looked at. INVARIANT: Secret is not among them. */
export const DescribedKind = z.enum([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Pod',
  'Node',
  'Service',
  'Ingress',
  'HTTPRoute',
  'ConfigMap',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'CronJob',
  'Job',
]);
export type DescribedKind = z.infer<typeof DescribedKind>;
