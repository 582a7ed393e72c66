import { z } from 'zod';
import type { Observation } from '../../../../shared/vocabulary/event.ts';
import { OwnedMeta, type Writer, writerOf } from '../field-writer.ts';
import { troubleSignal } from '../trouble.ts';
import { objectChange } from './object-change.ts';
import { type Seen, timeIn, type WatchedKind } from './watched-kind.ts';

const WatchedNode = z.object({
  metadata: OwnedMeta,
  spec: z
    .object({
      unschedulable: z.boolean().nullish(),
      taints: z.array(z.object({ key: z.string(), timeAdded: z.string().nullish() })).nullish(),
    })
    .prefault({}),
  status: z
    .object({
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            reason: z.string().nullish(),
            lastTransitionTime: z.string().nullish(),
          }),
        )
        .nullish(),
    })
    .prefault({}),
});
type WatchedNode = z.infer<typeof WatchedNode>;

/** A state and since when, where the node says. */
type Since = { holds: boolean; atMs: number | null; reason: string };
type Facts = {
  name: string;
  version: string;
  createdMs: number;
  ready: Since;
  cordoned: Since & { writer: Writer | null };
  /** Pressures that hold, by type. */
  pressures: Record<string, Since>;
};

/** Nodes that come, go, are lost, come back and are cordoned; and the pressures they report. */
export const nodes: WatchedKind<WatchedNode, Facts> = {
  title: 'nodes',
  path: '/api/v1/nodes',
  schema: WatchedNode,

  factsOf({ metadata, spec, status }) {
    const conditions = status.conditions ?? [];
    const taint = spec.taints?.find(({ key }) => key === 'node.kubernetes.io/unschedulable');
    const since = (type: string): Since => {
      const found = conditions.find((one) => one.type === type);
      return {
        holds: found?.status === 'True',
        atMs: timeIn(found?.lastTransitionTime),
        reason: found?.reason ?? '',
      };
    };
    const pressures = conditions.filter(
      ({ type, status: holds }) => /Pressure$/.test(type) && holds === 'True',
    );
    return {
      name: metadata.name,
      version: metadata.resourceVersion ?? '',
      createdMs: Date.parse(metadata.creationTimestamp),
      ready: since('Ready'),
      cordoned: {
        holds: spec.unschedulable ?? false,
        atMs: timeIn(taint?.timeAdded),
        reason: '',
        writer: writerOf(metadata, [['f:spec', 'f:unschedulable']]),
      },
      pressures: Object.fromEntries(pressures.map(({ type }) => [type, since(type)])),
    };
  },

  between(before, after, seen) {
    if (after === null)
      return before ? [change(before, `Node ${before.name} is gone`, null, seen, '-gone')] : [];
    if (before === null)
      return [change(after, `Node ${after.name} joined the cluster`, dated(after.createdMs), seen)];
    return [
      ...(before.ready.holds === after.ready.holds ? [] : [readiness(after, seen)]),
      ...(before.cordoned.holds === after.cordoned.holds ? [] : [cordon(after, seen)]),
      ...Object.entries(after.pressures)
        .filter(([type]) => before.pressures[type] === undefined)
        .map(([type, since]) => pressure(after, type, since, seen)),
    ];
  },

  past(facts, seen) {
    const isRecent = (atMs: number | null): boolean => atMs !== null && seen.nowMs - atMs < 86_400_000;
    return [
      ...(isRecent(facts.createdMs)
        ? [change(facts, `Node ${facts.name} joined the cluster`, dated(facts.createdMs), seen)]
        : []),
      // Becoming ready is part of joining.
      ...(isRecent(facts.ready.atMs) && !(facts.ready.holds && isRecent(facts.createdMs))
        ? [readiness(facts, seen)]
        : []),
      ...(facts.cordoned.holds && isRecent(facts.cordoned.atMs) ? [cordon(facts, seen)] : []),
      ...Object.entries(facts.pressures)
        .filter(([, { atMs }]) => isRecent(atMs))
        .map(([type, since]) => pressure(facts, type, since, seen)),
    ];
  },
};

function readiness(facts: Facts, seen: Seen): Observation {
  const { holds, atMs, reason } = facts.ready;
  const title = holds
    ? `Node ${facts.name} is ready again`
    : `Node ${facts.name} is lost: it is not ready${reason === '' ? '' : ` (${reason})`}`;
  return change(facts, title, atMs === null ? null : dated(atMs, 'node-controller'), seen, '-ready');
}

function cordon(facts: Facts, seen: Seen): Observation {
  const { holds, atMs, writer } = facts.cordoned;
  const by = writer ?? (atMs === null ? null : { by: 'somebody', atMs });
  const title = holds
    ? `Node ${facts.name} was cordoned: nothing new is scheduled on it`
    : `Node ${facts.name} was uncordoned`;
  return change(facts, title, by, seen, '-cordon');
}

const pressure = (
  { name }: Facts,
  type: string,
  { atMs, reason }: Since,
  { nowMs, source }: Seen,
): Observation =>
  troubleSignal({
    namespace: '',
    object: `Node/${name}`,
    service: null,
    reason: reason || type,
    trouble: null,
    title: `${type}: node ${name} is under ${type.replace('Pressure', '').toLowerCase()} pressure`,
    atMs: atMs ?? nowMs,
    source,
  });

const change = (facts: Facts, title: string, writer: Writer | null, seen: Seen, what = ''): Observation =>
  objectChange(
    {
      change: 'infrastructure',
      subject: { kind: 'Node', namespace: '', name: facts.name },
      service: null,
      title,
      writer,
      version: `${facts.version}${what}`,
    },
    seen,
  );

const dated = (atMs: number, by = 'cluster'): Writer => ({ by, atMs });
