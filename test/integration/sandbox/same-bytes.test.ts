import { expect, it } from 'vitest';
import { openDrill } from '../../../electron/sandbox/open-drill.ts';
import { shippedScenario } from '../../fixtures/shipped-scenarios.ts';

/** A short history, since nothing here depends on its length. */
const scenario = { ...shippedScenario('bad-deploy'), historyMinutes: 65 };
const startMs = Date.parse('2026-03-02T14:07:33.456Z');
const minuteMs = 60_000;

type Opened = ReturnType<typeof openDrill>;

const kinds = [
  'Namespace',
  'Node',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Pod',
  'Job',
  'CronJob',
  'ConfigMap',
  'Secret',
  'Service',
  'Ingress',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'Event',
] as const;

/** Everything that anyone could ever read of a drill. */
function everything({ simulation, drill, answer }: Opened) {
  const { store, series, rules } = simulation;
  const scrapes = series.scrapes();
  return {
    objects: JSON.stringify(kinds.map((kind) => store.list(kind))),
    version: store.version(),
    times: [...series.times().subarray(0, scrapes)],
    // As bits: a sample that is not there must not be there in the other, either.
    series: series.all().map(({ labels, values }) => ({
      labels,
      bytes: Buffer.from(values.buffer, values.byteOffset, scrapes * 8).toString('base64'),
    })),
    alerts: JSON.stringify(rules.alerts()),
    made: simulation.made(),
    drill,
    answer: answer(),
  };
}

const open = (seed: number, nowMs = startMs) => openDrill(scenario, seed, nowMs);
const laterMs = startMs + 9 * 60 * minuteMs + 23 * minuteMs;
const first = open(5);
const asOpened = everything(first);

it('lives another life from another seed', () => {
  const other = everything(open(6));
  expect(other.objects).not.toEqual(asOpened.objects);
  expect(other.series).not.toEqual(asOpened.series);
  expect(other.drill.script).not.toEqual(asOpened.drill.script);
});

it('lives the same life at another time of the day, but for the time', () => {
  const night = open(5, laterMs);
  expect(night.drill).toEqual(first.drill);
  expect(storyOf(night, laterMs)).toEqual(storyOf(first, startMs));
  expect(servedIn(night)).toEqual(servedIn(first));
});

it('lives the same life from the same seed and start, to the last bit, and goes on living it', () => {
  const other = open(5);
  expect(everything(other)).toEqual(asOpened);
  // However often it is looked at.
  for (let atMs = startMs; atMs <= startMs + 3 * minuteMs; atMs += 7_000) first.simulation.advanceTo(atMs);
  first.simulation.advanceTo(startMs + 3 * minuteMs);
  other.simulation.advanceTo(startMs + 3 * minuteMs);
  expect(everything(other)).toEqual(everything(first));
});

/** What happened, with times counted from now. Backups run by the clock, and Events are numbered through with theirs. */
function storyOf({ simulation, answer }: Opened, nowMs: number) {
  const { store, series } = simulation;
  const { beganMs, alertedMs, changes, decoys } = answer();
  const unnumbered = (id: string) => id.replace(/\.[0-9a-f]{16}$/, '');
  return {
    made: simulation.made().map(({ entry, id, atMs }) => ({ entry, id: unnumbered(id), atMs: atMs - nowMs })),
    beganMs: beganMs - nowMs,
    alertedMs: alertedMs - nowMs,
    changes: changes.map(unnumbered),
    decoys: decoys.map(unnumbered),
    times: [...series.times().subarray(0, series.scrapes())].map((atMs) => atMs - nowMs),
    deployments: store
      .list('Deployment')
      .map(({ metadata, spec }) => [metadata.name, metadata.annotations, spec]),
    settings: store.list('ConfigMap').map(({ metadata, data }) => [metadata.name, data]),
    alerts: simulation.rules.alerts().map(({ labels, state, value }) => ({ labels, state, value })),
  };
}

const servedIn = (opened: Opened) =>
  everything(opened).series.filter(({ labels }) => labels['__name__']?.startsWith('istio_'));
