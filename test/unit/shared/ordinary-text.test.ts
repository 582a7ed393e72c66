import { expect, it } from 'vitest';
import { suspicionsIn } from '../../../shared/formats/suspicious-text.ts';

const kindsOf = (text: string) => suspicionsIn(text).map(({ kind }) => kind);

it.each([
  'ConfigMap ads-config changed: cache.ttl-seconds 300 -> 600\nTold by /config/platform (dev.countersign.change.v1)',
  'checkout 1.42.0 rolled out (revision 17)',
  'Flag storefront.compact-response in production: off → on',
  'New size: 5; reason: cpu resource utilization (percentage of request) above target',
  'HighErrorRate: sum(rate(http_requests_total{code=~"5.."}[1m])) > 0.05',
  'java.net.SocketTimeoutException: Read timed out at com.shop.PaymentClient.call(PaymentClient.java:81)',
  'Scaled from 4 to 6 replicas by h.iyer',
  'Authorized user 4711, session renewed',
])('makes nothing of what systems usually say: %s', (text) => {
  expect(kindsOf(text)).toEqual([]);
});
