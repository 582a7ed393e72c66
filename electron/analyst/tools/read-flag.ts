import { z } from 'zod';
import type { Event } from '../../../shared/vocabulary/event.ts';
import { FieldDiff } from '../../../shared/vocabulary/event.ts';
import { pickConnection } from './pick-connection.ts';
import { readTool } from './read-tool.ts';
import { hourMs, iso } from './time-span.ts';

const MOST_ENTRIES = 30;
const LOOK_BACK_MS = 30 * 24 * hourMs;

export const readFlag = readTool({
  name: 'read_flag',
  purpose:
    'Read who gets a feature flag now, rule by rule, and what was done to it in the last 30 days, newest first. Project and environment are taken from the timeline where they are left out.',
  source: 'feature flags',
  outsider: ['rules', 'history'],
  input: z.strictObject({
    flag: z.string().min(1).max(200),
    project: z.string().optional(),
    environment: z.string().optional(),
    connection: z.string().optional(),
  }),
  output: z.object({
    connection: z.string(),
    flag: z.string(),
    project: z.string(),
    environment: z.string(),
    enabled: z.boolean(),
    archived: z.boolean(),
    rules: z.array(
      z.object({
        name: z.string(),
        disabled: z.boolean(),
        fields: z.array(z.object({ path: z.string(), value: z.string() })),
      }),
    ),
    history: z.array(
      z.object({
        at: z.iso.datetime(),
        environment: z.string().nullable(),
        actor: z.string().nullable(),
        what: z.string(),
        diff: z.array(FieldDiff),
      }),
    ),
    omitted: z.number(),
  }),
  async run({ flag, connection, ...given }, { systems, events, window }, signal) {
    const { id, reader } = pickConnection('feature flags', systems.flags(), connection);
    const known = events().findLast((event) => event.labels?.['flag'] === flag);
    const project = given.project ?? labelOf(known, 'project') ?? 'default';
    const environment = given.environment ?? labelOf(known, 'environment') ?? 'production';
    const [targeting, history] = await Promise.all([
      reader.targeting({ project, namespace: environment, name: flag }, signal),
      reader.history(
        { project, name: flag },
        { fromMs: window.toMs - LOOK_BACK_MS, toMs: window.toMs },
        signal,
      ),
    ]);
    return {
      connection: id,
      flag,
      project,
      environment,
      ...targeting,
      history: history.slice(0, MOST_ENTRIES).map(({ atMs, ...entry }) => ({ at: iso(atMs), ...entry })),
      omitted: Math.max(0, history.length - MOST_ENTRIES),
    };
  },
  found: ({ flag, environment, enabled, rules, history, omitted }) =>
    `${flag} is ${enabled ? 'on' : 'off'} in ${environment} with ${rules.length} rules; ${history.length + omitted} changes in 30 days`,
});

const labelOf = (event: Event | undefined, label: string) => event?.labels?.[label];
