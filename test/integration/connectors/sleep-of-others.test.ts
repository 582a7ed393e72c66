import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { cloudWatch } from '../../../electron/connectors/cloudwatch/cloudwatch.ts';
import { flagd } from '../../../electron/connectors/flagd/flagd.ts';
import { launchDarkly } from '../../../electron/connectors/launchdarkly/launchdarkly.ts';
import { loki } from '../../../electron/connectors/loki/loki.ts';
import { watchedFolder } from '../../../electron/connectors/receiver/watched-folder.ts';
import type { Connector } from '../../../electron/connectors/source.ts';
import type { Clock } from '../../../electron/platform/clock.ts';
import { cloudWatchServer } from '../../fixtures/cloudwatch-server.ts';
import { cuttingProxy } from '../../fixtures/cutting-proxy.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';
import {
  type Entry,
  entryOf,
  flagOf,
  launchDarklyServer,
  token,
} from '../../fixtures/launchdarkly-server.ts';
import { sleepingDesk } from '../../fixtures/sleeping-desk.ts';
import { sendJson, type TinyServer, tinyServer } from '../../fixtures/tiny-server.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const stop of stops.splice(0).reverse()) await stop();
});

const startMs = Date.parse('2026-03-01T12:00:00Z');
const MINUTE_MS = 60_000;
const SLEPT_HOURS = 20;
const HOUR_MS = 60 * MINUTE_MS;

/** A system that goes on while the machine sleeps and cannot be reached for a while. */
type Away = {
  connector: Connector;
  cut(): void;
  mend(): void;
  /** What happens while the machine sleeps; returns the titles under which it is told, each once. */
  happen(): string[];
};
const minutes = Array.from({ length: 10 }, (_, index) => startMs + (2 * index + 1) * HOUR_MS);

async function behindNetwork(server: TinyServer) {
  const network = await cuttingProxy({ port: Number(new URL(server.url).port) });
  stops.push(server.close, network.close);
  return { url: `http://127.0.0.1:${network.port}`, cut: network.cut, mend: network.mend };
}

const kinds: Record<string, (clock: Clock) => Promise<Away>> = {
  /** Three services write errors, one after the other: at the beginning, in the midst and at the end. */
  async loki(clock) {
    const lines = new Map<string, number>();
    const server = await tinyServer(({ url }, response) => {
      if (!url.includes('query_range'))
        return sendJson(response, { status: 'success', data: ['service_name'] });
      const asked = new URL(url, server.url).searchParams;
      const [from, to] = ['start', 'end'].map((name) => Number(asked.get(name)) / 1e9);
      const result = asked.get('query')?.includes('count_over_time')
        ? [...lines].map(([service, burstMs]) => ({
            metric: { service_name: service, namespace: 'shop' },
            values: Array.from({ length: 4 }, (_, step) => burstMs / 1_000 + step * 15)
              .filter((second) => second >= (from ?? 0) && second <= (to ?? 0))
              .map((second) => [second, '20']),
          }))
        : [];
      const resultType = asked.get('query')?.includes('count_over_time') ? 'matrix' : 'streams';
      sendJson(response, { status: 'success', data: { resultType, result } });
    });
    const { url, ...network } = await behindNetwork(server);
    return {
      ...network,
      connector: loki({ id: 'logs', name: 'Logs', url, authorization: null, clock }),
      happen() {
        lines
          .set('checkout', startMs + 2 * MINUTE_MS)
          .set('cart', startMs + 9 * HOUR_MS)
          .set('payment', startMs + SLEPT_HOURS * HOUR_MS - 8 * MINUTE_MS);
        return [...lines.keys()].map(
          (service) => `Errors in the log of ${service}: 20 in a minute, usually 0`,
        );
      },
    };
  },

  /** Alarms that fired and were well again before anybody looked. */
  async cloudwatch(clock) {
    const folder = newDataDir();
    const config = join(folder, 'config');
    writeFileSync(config, '[profile work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = hush\n');
    vi.stubEnv('AWS_CONFIG_FILE', config);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'none'));
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'AWS_SESSION_TOKEN'])
      vi.stubEnv(name, undefined);
    const history: { AlarmName: string; Timestamp: number; HistoryData: string }[] = [];
    const transition = (AlarmName: string, atMs: number, from: string, to: string) =>
      void history.push({
        AlarmName,
        Timestamp: atMs / 1_000,
        HistoryData: JSON.stringify({
          oldState: { stateValue: from },
          newState: { stateValue: to, stateReason: 'crossed' },
        }),
      });
    const server = await cloudWatchServer({
      DescribeAlarms: () => ({ MetricAlarms: [] }),
      DescribeAlarmHistory: ({ StartDate, EndDate }) => ({
        AlarmHistoryItems: history.filter(
          ({ Timestamp }) => Timestamp >= Number(StartDate) && Timestamp <= Number(EndDate),
        ),
      }),
    });
    const { url, ...network } = await behindNetwork(server);
    return {
      ...network,
      connector: cloudWatch({
        ...{ id: 'aws', name: 'AWS', regions: ['eu-central-1'], profile: 'work', endpoint: url },
        ...{ clock, everyMs: 50 },
      }),
      happen() {
        for (const [index, atMs] of minutes.entries()) {
          transition(`alarm-${index}`, atMs, 'OK', 'ALARM');
          transition(`alarm-${index}`, atMs + 30_000, 'ALARM', 'OK');
        }
        return minutes.flatMap((_, index) => [
          `Alarm alarm-${index}: OK → ALARM`,
          `Alarm alarm-${index}: ALARM → OK`,
        ]);
      },
    };
  },

  /** More changes than one page of the audit log holds. */
  async launchdarkly(clock) {
    const entries: Entry[] = [];
    const server = await launchDarklyServer({
      projects: [{ key: 'default', environments: [{ key: 'production', critical: true }] }],
      flags: {},
      entries,
    });
    const { url, ...network } = await behindNetwork(server);
    return {
      ...network,
      connector: launchDarkly({ id: 'dark', name: 'Dark', url, authorization: token, clock, everyMs: 20 }),
      happen() {
        return minutes.flatMap((atMs, minute) =>
          Array.from({ length: 5 }, (_, index) => {
            const flag = `flag-${minute}-${index}`;
            const resource = `proj/default:env/production:flag/${flag}`;
            const versions = {
              previousVersion: flagOf({ on: false }, { key: flag }),
              currentVersion: flagOf({ on: true }, { key: flag }),
            };
            entries.push(
              entryOf(`e-${flag}`, atMs + index, 'updateOn', {
                ...{ ...versions, accesses: [{ action: 'updateOn', resource }] },
              }),
            );
            return `Flag ${flag} in production: off → on`;
          }),
        );
      },
    };
  },

  /** A file in a repository that is pulled: several commits come at once. */
  async flagd(clock) {
    const [folder, away] = [join(newDataDir(), 'flags'), join(newDataDir(), 'away')];
    mkdirSync(folder);
    const on = new Set<string>();
    const commit = (at: string, atMs: number) => {
      const flags = Object.fromEntries(
        minutes.map((_, index) => [
          `flag-${index}`,
          { state: on.has(`flag-${index}`) ? 'ENABLED' : 'DISABLED', variants: { on: true } },
        ]),
      );
      writeFileSync(join(at, 'flags.json'), JSON.stringify({ flags }));
      const date = new Date(atMs).toISOString();
      const git = (...args: string[]) =>
        execFileSync('git', ['-c', 'user.name=mara', '-c', 'user.email=mara@example.com', ...args], {
          cwd: at,
          env: { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
          stdio: 'ignore',
        });
      git('add', '.');
      git('commit', '-m', 'x');
    };
    execFileSync('git', ['init', '-q'], { cwd: folder });
    commit(folder, startMs - 3_600_000);
    return {
      cut: () => renameSync(folder, away),
      mend: () => renameSync(away, folder),
      connector: flagd({
        ...{ id: 'flags', name: 'Flags', path: join(folder, 'flags.json'), environment: 'production' },
        ...{ clock, everyMs: 50 },
      }),
      happen() {
        return minutes.map((atMs, index) => {
          on.add(`flag-${index}`);
          commit(away, atMs);
          return `Flag flag-${index} in production: off → on`;
        });
      },
    };
  },

  /** A folder on a disk that is gone for a while; files grow, come and are written anew. */
  async folder(clock) {
    const [folder, away] = [join(newDataDir(), 'lines'), join(newDataDir(), 'away')];
    mkdirSync(folder);
    const line = (id: string, atMs: number) =>
      `${JSON.stringify({
        specversion: '1.0',
        id,
        source: '/jobs',
        type: 'dev.countersign.change.v1',
        time: new Date(atMs).toISOString(),
        data: { change: 'config', title: `line ${id}`, service: 'checkout' },
      })}\n`;
    writeFileSync(join(folder, 'a.jsonl'), line('before', startMs - MINUTE_MS));
    return {
      cut: () => renameSync(folder, away),
      mend: () => renameSync(away, folder),
      connector: watchedFolder({
        ...{ id: 'jobs', name: 'Jobs', folder, clock },
        places: { read: () => [], write: () => {} },
      }),
      happen() {
        for (const [index, atMs] of minutes.entries()) {
          appendFileSync(join(away, 'a.jsonl'), line(`a-${index}`, atMs));
          appendFileSync(join(away, 'b.jsonl'), line(`b-${index}`, atMs) + line(`a-${index}`, atMs));
        }
        return minutes.flatMap((_, index) => [`line a-${index}`, `line b-${index}`]);
      },
    };
  },
};

it.each(Object.keys(kinds))(
  '%s: what it did while the machine slept is read once, and that it was is said',
  async (kind) => {
    const bench = sleepingDesk(startMs);
    stops.push(bench.close);
    const away = await kinds[kind]?.(bench.clock);
    if (!away) throw new Error('a kind without a system');
    await bench.attach([away.connector]);
    await bench.until('up');
    away.cut();
    await bench.until('down');
    const expected = away.happen();
    const before = bench.told.length;
    await bench.sleep(SLEPT_HOURS * HOUR_MS);
    const says = (sentence: RegExp) => bench.desk.statuses().every((one) => sentence.test(one.sentence));
    // While it cannot be read, nobody is told that it was.
    await bench.until('down');
    expect([...bench.sentences].join('\n')).not.toMatch(/slept, 20 h, was read/);
    away.mend();
    await bench.until('up');
    await eventually('that it was read', async () => {
      await bench.pass(100);
      return says(/What happened while this machine slept, 20 h, was read\./);
    });
    const titles = () => bench.told.slice(before).map(({ title }) => title);
    await eventually('all of it', () => expected.every((title) => titles().includes(title))).catch(
      () => undefined,
    );
    expect(titles().toSorted()).toEqual(expected.toSorted());
    // Looked at again for a while, by whatever looks: nothing comes twice.
    await bench.pass(6 * MINUTE_MS);
    expect(titles().toSorted()).toEqual(expected.toSorted());
    expect(says(/slept/)).toBe(false);
  },
);
