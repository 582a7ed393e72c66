import { expect, it } from 'vitest';
import { listCloudAlarms } from '../../../../electron/analyst/tools/list-cloud-alarms.ts';
import { readCloudMetric } from '../../../../electron/analyst/tools/read-cloud-metric.ts';
import type { CloudAlarm, CloudReader } from '../../../../electron/connectors/inspection.ts';
import { readContextOf, systemsOf } from '../../../fixtures/read-context-of.ts';

const calm = () => new AbortController().signal;
const alarm = (at: number): CloudAlarm => ({
  region: 'eu-central-1',
  name: `alarm-${at}`,
  state: at % 10 === 0 ? 'alarm' : 'ok',
  sinceMs: at,
  reason: 'Threshold Crossed',
});

function contextWith(given: Partial<CloudReader>) {
  const cloud: CloudReader = {
    regions: ['eu-central-1'],
    series: async () => [],
    alarms: async () => [],
    serviceMetrics: async () => [],
    ...given,
  };
  return readContextOf({ systems: systemsOf([{ cloud }]) });
}

const metric = {
  region: 'eu-central-1',
  namespace: 'AWS/RDS',
  name: 'CPUUtilization',
  dimensions: { DBInstanceIdentifier: 'orders' },
  statistic: 'p99',
};

it('lists sixty alarms, those in alarm first and the latest of them before the others', async () => {
  const alarms = Array.from({ length: 200 }, (_, at) => alarm(at));
  const answer = await listCloudAlarms.run({}, contextWith({ alarms: async () => alarms }), calm());
  expect(answer.alarms.slice(0, 2).map(({ name }) => name)).toEqual(['alarm-190', 'alarm-180']);
  expect(answer).toMatchObject({ omitted: 140 });
  const own = await listCloudAlarms.run(
    { state: 'alarm' },
    contextWith({ alarms: async () => alarms }),
    calm(),
  );
  expect(own.alarms).toHaveLength(20);
});

it('asks for whole minutes and gives few points of each series', async () => {
  const asked: unknown[] = [];
  const series: CloudReader['series'] = async (wanted, { stepMs, fromMs, toMs }) => {
    asked.push(wanted);
    expect(stepMs % 60_000).toBe(0);
    const points = Array.from({ length: (toMs - fromMs) / stepMs }, (_, at) => ({
      atMs: fromMs + at * stepMs,
      value: at,
    }));
    return [
      { labels: {}, points },
      { labels: { empty: 'yes' }, points: [] },
    ];
  };
  const answer = await readCloudMetric.run(metric, contextWith({ series }), calm());
  expect(asked).toEqual([metric]);
  expect(answer.series).toHaveLength(1);
  expect(answer.series[0]?.points.length).toBeLessThanOrEqual(60);
});

it.each([
  { ...metric, statistic: 'Average; DROP' },
  { ...metric, dimensions: { '': 'x' } },
  { ...metric, region: '' },
])('takes no %j', (input) => expect(readCloudMetric.input.safeParse(input).success).toBe(false));
