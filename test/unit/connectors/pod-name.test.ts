import { expect, it } from 'vitest';
import { workloadOfPod } from '../../../electron/connectors/pod-name.ts';

it.each([
  ['checkout-6d9f7c5b8d-x2x7q', 'checkout'],
  ['payment-gateway-7c5ddbdf54-2xkqp', 'payment-gateway'],
  ['postgres-0', 'postgres'],
  ['node-exporter-x2x7q', 'node-exporter'],
  ['standalone', 'standalone'],
  ['api-cache', 'api-cache'],
  ['', ''],
])('takes %s for a pod of %s', (pod, workload) => expect(workloadOfPod(pod)).toBe(workload));
