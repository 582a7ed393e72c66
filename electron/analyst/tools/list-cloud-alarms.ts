import { z } from 'zod';
import { pickConnection } from './pick-connection.ts';
import { readTool } from './read-tool.ts';
import { iso } from './time-span.ts';

const MOST_ALARMS = 60;
const State = z.enum(['ok', 'alarm', 'insufficient-data']);

export const listCloudAlarms = readTool({
  name: 'list_cloud_alarms',
  purpose: 'List CloudWatch alarms with their state and since when, those in alarm first.',
  source: 'CloudWatch',
  outsider: ['alarms.*.reason'],
  input: z.strictObject({ state: State.optional(), connection: z.string().optional() }),
  output: z.object({
    connection: z.string(),
    alarms: z.array(
      z.object({
        region: z.string(),
        name: z.string(),
        state: State,
        since: z.iso.datetime(),
        reason: z.string(),
      }),
    ),
    omitted: z.number(),
  }),
  async run({ state, connection }, { systems }, signal) {
    const { id, reader } = pickConnection('CloudWatch', systems.clouds(), connection);
    const alarms = (await reader.alarms(signal))
      .filter((alarm) => state === undefined || alarm.state === state)
      .sort((a, b) => Number(b.state === 'alarm') - Number(a.state === 'alarm') || b.sinceMs - a.sinceMs);
    return {
      connection: id,
      alarms: alarms
        .slice(0, MOST_ALARMS)
        .map(({ sinceMs, ...alarm }) => ({ ...alarm, since: iso(sinceMs) })),
      omitted: Math.max(0, alarms.length - MOST_ALARMS),
    };
  },
  found: ({ alarms, omitted }) =>
    `${alarms.length + omitted} alarms, ${alarms.filter(({ state }) => state === 'alarm').length} in alarm`,
});
