import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { kubernetes } from '../../../electron/connectors/kubernetes/kubernetes.ts';
import { postEvent } from '../../../electron/sandbox/cluster/post-event.ts';
import type { ChangeObservation, Observation } from '../../../shared/vocabulary/event.ts';
import { cuttingProxy } from '../../fixtures/cutting-proxy.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { kubernetesOnNetwork } from '../sandbox/kubernetes-on-network.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const startMs = Date.parse('2026-03-01T12:00:00Z');

it('loses and doubles nothing while the network is cut, watches are gone and the server forgets', async () => {
  const cluster = await kubernetesOnNetwork({ remembers: 25 });
  stops.push(cluster.close);
  const { url, token, caData } = cluster.access('operator').kubernetes;
  const proxy = await cuttingProxy({ port: Number(new URL(url).port) });
  stops.push(proxy.close);
  const { changes } = kubernetes({
    id: 'k',
    name: 'k',
    access: { server: `https://127.0.0.1:${proxy.port}`, token, caData },
    clock: { now: () => startMs },
    random: () => 0,
  });
  const heard: Observation[] = [];
  const states: boolean[] = [];
  const stop = changes?.stream({
    onObservations: (some) => heard.push(...some),
    onState: ({ up }) => states.push(up),
  });
  if (stop) stops.push(stop);
  await eventually('that it is up', () => states.at(-1));

  const map = cluster.store.list('ConfigMap').find(({ metadata }) => metadata.name === 'web-config');
  if (!map) throw new Error('the service has a config map');
  const posted: string[] = [];
  let value = 0;
  /** An Event that somebody posts about a flag, and an edit that nobody tells of. */
  const happen = () => {
    value += 1;
    const now = cluster.store.get('ConfigMap', 'shop', 'web-config') ?? map;
    cluster.store.put<'ConfigMap'>({ ...now, data: { ...now.data, 'pool.size': String(value) } }, startMs);
    const { metadata } = postEvent(cluster.store, {
      atMs: startMs + value * 1_000,
      seed: value,
      type: 'Normal',
      reason: 'FlagUpdated',
      message: `flag ${value}`,
      about: { apiVersion: 'v1', kind: 'FeatureFlag', name: `flag-${value}`, namespace: 'shop' },
      component: 'flags',
      annotations: { 'countersign.dev/change': 'flag', 'countersign.dev/service': 'web' },
    });
    posted.push(`flag:shop/${metadata.name}`);
  };
  for (let round = 0; round < 6; round++) {
    for (let times = 0; times < 5; times++) happen();
    if (round % 3 === 0) proxy.blink();
    if (round % 3 === 1) {
      proxy.cut();
      // More happens than the server remembers, so that whoever comes back must begin again.
      for (let times = 0; times < 40; times++) happen();
      await eventually('that it is known to be down', () => states.at(-1) === false);
      proxy.mend();
    }
    await pause(100);
  }

  const edits = () =>
    heard.filter(
      (one): one is ChangeObservation =>
        one.kind === 'change' && one.labels?.['object'] === 'ConfigMap/web-config',
    );
  await eventually('the last of all', () => edits().at(-1)?.diff?.[0]?.after === String(value));
  await eventually('every Event', () => posted.every((key) => heard.some((one) => one.key === key)));

  const keys = heard.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(heard.filter(({ key }) => key.startsWith('flag:'))).toHaveLength(posted.length);
  // What was told of the config map leads from what it was to what it is, step by step.
  let before = edits()[0]?.diff?.[0]?.before ?? null;
  for (const { diff } of edits()) {
    expect(diff?.[0]?.before ?? null).toBe(before);
    before = diff?.[0]?.after ?? null;
  }
  expect(before).toBe(String(value));
  expect(states.at(-1)).toBe(true);
});

it('tells one change once, whether its Event or the object comes first, and both where they differ', async () => {
  const cluster = await kubernetesOnNetwork();
  stops.push(cluster.close);
  const { url, token, caData } = cluster.access('operator').kubernetes;
  const { changes } = kubernetes({
    id: 'k',
    name: 'k',
    access: { server: url, token, caData },
    clock: { now: () => startMs },
  });
  const heard: Observation[] = [];
  let isUp = false;
  const stop = changes?.stream({
    onObservations: (some) => heard.push(...some),
    onState: ({ up }) => {
      isUp = up;
    },
  });
  if (stop) stops.push(stop);
  await eventually('that it is up', () => isUp);

  const edit = (name: string) => {
    const now = cluster.store.get('ConfigMap', 'shop', name);
    const metadata = { name, namespace: 'shop' };
    cluster.store.put<'ConfigMap'>(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata,
        ...now,
        data: { mode: `m${cluster.store.version()}` },
      },
      startMs,
    );
  };
  const tell = (name: string) =>
    postEvent(cluster.store, {
      atMs: startMs,
      seed: 1,
      type: 'Normal',
      reason: 'ConfigMapChanged',
      message: `${name} changed`,
      about: { apiVersion: 'v1', kind: 'ConfigMap', name, namespace: 'shop' },
      component: 'reloader',
      annotations: { 'countersign.dev/change': 'config', 'countersign.dev/service': 'web' },
    });
  edit('web-config');
  tell('web-config');
  tell('other-config');
  edit('other-config');
  edit('silent-config');
  const about = (name: string) => heard.filter(({ labels }) => labels?.['object'] === `ConfigMap/${name}`);
  await eventually('what nobody tells', () => about('silent-config').length > 0);
  expect(['web-config', 'other-config', 'silent-config'].map((name) => about(name).length)).toEqual([
    1, 1, 1,
  ]);
  expect(about('web-config')[0]).toMatchObject({ actor: 'reloader' });
  const told = await changes?.backfill(
    { fromMs: startMs - 60_000, toMs: startMs + 60_000 },
    new AbortController().signal,
  );
  expect(told?.filter(({ labels }) => labels?.['object'] === 'ConfigMap/web-config')).toHaveLength(1);
});
