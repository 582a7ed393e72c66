import { expect, it } from 'vitest';
import { listAlerts } from '../../../../electron/analyst/tools/list-alerts.ts';
import type { Alert } from '../../../../electron/connectors/source.ts';
import { Failure } from '../../../../electron/platform/failure.ts';
import { readContextOf, systemsOf } from '../../../fixtures/read-context-of.ts';

const calm = () => new AbortController().signal;
const alert = (at: number): Alert => ({
  fingerprint: `f${at}`,
  raw: null,
  name: 'Slow',
  severity: 'critical',
  service: at % 2 === 0 ? 'checkout' : 'web',
  labels: {},
  summary: 'it is slow',
  startedMs: at,
});
const firing = (alerts: Alert[]) => ({ alerts: { firing: async () => alerts } });

it('lists what fires everywhere, the longest first, and says what could not be asked', async () => {
  const down = {
    alerts: {
      firing: async (): Promise<Alert[]> => {
        throw new Failure('unreachable', 'Nobody answers');
      },
    },
  };
  const systems = systemsOf([firing([alert(4), alert(2)]), down, firing([alert(1)])]);
  const answer = await listAlerts.run({}, readContextOf({ systems }), calm());
  expect(answer.alerts.map(({ since }) => Date.parse(since))).toEqual([1, 2, 4]);
  expect(answer.unread).toEqual([{ connection: 'con-2', because: 'Nobody answers' }]);
  const own = await listAlerts.run({ service: 'web' }, readContextOf({ systems }), calm());
  expect(own.alerts.map(({ connection }) => connection)).toEqual(['con-3']);
});

it('lists sixty of a storm and counts the others', async () => {
  const systems = systemsOf([firing(Array.from({ length: 500 }, (_, at) => alert(at)))]);
  const answer = await listAlerts.run({}, readContextOf({ systems }), calm());
  expect(answer).toMatchObject({ omitted: 440 });
  expect(answer.alerts).toHaveLength(60);
});

it('takes nothing connected for no answer, not for calm', async () => {
  await expect(listAlerts.run({}, readContextOf(), calm())).rejects.toThrow('Nothing is connected');
});
