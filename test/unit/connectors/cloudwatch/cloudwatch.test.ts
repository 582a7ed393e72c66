import fc from 'fast-check';
import { expect, it } from 'vitest';
import { severityIn } from '../../../../electron/connectors/cloudwatch/alarms.ts';
import { metadataSourceOf } from '../../../../electron/connectors/cloudwatch/credentials.ts';
import { periodMs, seriesIn } from '../../../../electron/connectors/cloudwatch/metric-data.ts';
import { plainName, serviceOf } from '../../../../electron/connectors/cloudwatch/service-of.ts';

it.each([
  ['checkout-5xx-critical', 'critical'],
  ['P1: queue is stuck', 'critical'],
  ['homepage is slow', 'warning'],
  ['cpu sev4', 'info'],
])('takes the severity of “%s” for %s', (name, severity) => expect(severityIn(name)).toBe(severity));

it.each([
  ['a profile that asks the machine', 'a', 'Ec2InstanceMetadata'],
  ['one that builds on such a profile', 'b', 'Ec2InstanceMetadata'],
  ['one that goes round in a circle', 'c', null],
  ['the environment', 'e', null],
  ['no profile at all', 'z', null],
])('knows where credentials come from: %s', (_case, profile, source) => {
  const text = `[profile a]\ncredential_source=Ec2InstanceMetadata\n[ profile b ]\r\nsource_profile = a\n[profile c]\nsource_profile = c\n[e]\ncredential_source = Environment`;
  expect(metadataSourceOf(profile, text)).toBe(source);
});

it('names a service by the most telling dimension, and a target group by its name', () => {
  expect(serviceOf({ ClusterName: 'prod', ServiceName: 'pay' })).toBe('pay');
  expect(serviceOf({ InstanceId: 'i-1' })).toBeNull();
  expect(plainName('app/checkout/50dc6c495c0c9188')).toBe('checkout');
  expect(plainName('app/checkout')).toBe('app/checkout');
});

const dayMs = 86_400_000;
it('asks for steps that CloudWatch still keeps, never finer than wished', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: dayMs }), fc.integer({ min: 0, max: 400 }), (stepMs, days) => {
      const period = periodMs(stepMs, 0, days * dayMs);
      expect(period).toBeGreaterThanOrEqual(stepMs);
      expect(period % (days > 63 ? 3_600_000 : days > 15 ? 300_000 : 60_000)).toBe(0);
    }),
  );
});

it('keeps every number of a series once and in time, however it was cut into pages', () => {
  const samples = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 10_000 }), fc.double()), {
    selector: ([minute]) => minute,
    maxLength: 60,
  });
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 7 }), (all, size) => {
      const pages = Array.from({ length: Math.ceil(all.length / size) }, (_, index) => {
        const some = all.slice(index * size, (index + 1) * size);
        return {
          Id: 'm1',
          Label: 'x',
          Timestamps: some.map(([minute]) => new Date(minute * 60_000)),
          Values: some.map(([, value]) => value),
        };
      });
      const kept = all.filter(([, value]) => Number.isFinite(value)).sort(([a], [b]) => a - b);
      expect(seriesIn(pages, 'CloudWatch').flatMap(({ points }) => points)).toEqual(
        kept.map(([minute, value]) => ({ atMs: minute * 60_000, value })),
      );
    }),
  );
});

it('takes data that is forbidden for a failure, never for an empty series', () => {
  expect(() => seriesIn([{ Id: 'm1', StatusCode: 'Forbidden' }], 'CloudWatch')).toThrow(/Forbidden/);
  expect(() => seriesIn([{ Id: 7 }], 'CloudWatch')).toThrow(/cannot be read/);
});
