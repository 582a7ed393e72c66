import { z } from 'zod';
import { ObjectTarget, type Target } from '../../shared/vocabulary/proposal.ts';
import type { AutoscalerState, Bounds, DeploymentState } from '../connectors/source.ts';
import { Failure } from '../platform/failure.ts';
import { defineAction, inNamespace, type Plan, type Preflight } from './action.ts';
import { tierText } from './parts/counted.ts';
import { oneWorkload, planFacts } from './parts/plan-facts.ts';
import { commandOf } from './parts/quoted.ts';
import { traceOf } from './parts/trace.ts';

const replicas = z.number().int().min(0).max(10_000);
const bounds = { min: z.number().int().min(0), max: z.number().int().min(1) };
const Input = ObjectTarget.extend({
  kind: z.literal('Deployment'),
  replicas,
  /** Left out to scale; the way back names the bounds that an autoscaler had before. */
  bounds: z.strictObject(bounds).optional(),
});
type Input = z.infer<typeof Input>;
const Seen = z.object({
  uid: z.string(),
  desiredReplicas: z.number(),
  autoscaler: z.object({ name: z.string(), uid: z.string(), ...bounds }).nullable(),
  keepsData: z.boolean(),
});
type Seen = z.infer<typeof Seen>;

const rights = [
  inNamespace('get', 'apps', 'deployments'),
  inNamespace('list', 'autoscaling', 'horizontalpodautoscalers'),
];
const scaleRights = [
  inNamespace('get', 'apps', 'deployments/scale'),
  inNamespace('patch', 'apps', 'deployments/scale'),
];
const boundRights = [
  inNamespace('get', 'autoscaling', 'horizontalpodautoscalers'),
  inNamespace('patch', 'autoscaling', 'horizontalpodautoscalers'),
];
/** For the backup of what keeps data. */
const backupRights = [inNamespace('list', 'batch', 'jobs'), inNamespace('list', '', 'pods')];

/**
 * Sets the replica count of a Deployment. The envelope bounds it. Where an autoscaler is in charge it would take the count
 * back within seconds, so its bounds are changed instead.
 */
export const scaleWorkload = defineAction<'cluster', Input>({
  name: 'scale-workload',
  on: 'cluster',
  purpose:
    'Set how many replicas a Deployment runs. Where an autoscaler is in charge of it, the bounds of the autoscaler are changed instead.',
  input: Input,
  permissions: [...rights, ...scaleRights, ...boundRights, ...backupRights],
  needs: (_input, { autoscaler, keepsData }) => [
    ...rights,
    ...(autoscaler === null ? scaleRights : boundRights),
    ...(keepsData === true ? backupRights : []),
  ],
  target: ({ replicas: _replicas, bounds: _bounds, ...target }): Target => target,

  async plan(input, cluster, signal) {
    const [now, autoscaler] = await Promise.all([
      cluster.deployment(input, signal),
      cluster.autoscalerOf(input, signal),
    ]);
    return autoscaler === null ? byCount(input, now) : byBounds(input, now, autoscaler);
  },

  /** INVARIANT: runs in the same breath as execute, on state read for it alone. */
  async preflight(input, seenRecord, cluster, signal) {
    const seen = Seen.parse(seenRecord);
    const [now, autoscaler] = await Promise.all([
      cluster.deployment(input, signal),
      cluster.autoscalerOf(input, signal),
    ]);
    if (now.uid !== seen.uid) return drifted('the Deployment was deleted and made again');
    if (autoscaler?.uid !== seen.autoscaler?.uid) {
      return drifted(
        autoscaler === null
          ? 'no autoscaler is in charge of it any more'
          : 'another autoscaler is in charge of it',
      );
    }
    // Who is in charge moves the count all the time; what is changed are the bounds.
    if (autoscaler && seen.autoscaler) {
      return isWithin(autoscaler, seen.autoscaler)
        ? { kind: 'unchanged' }
        : drifted(`its autoscaler keeps ${rangeOf(autoscaler)}, was ${rangeOf(seen.autoscaler)}`);
    }
    return now.desiredReplicas === seen.desiredReplicas
      ? { kind: 'unchanged' }
      : drifted(`wants ${now.desiredReplicas} replicas, was ${seen.desiredReplicas}`);
  },

  execute(input, seenRecord, control, options, signal) {
    const { uid, desiredReplicas, autoscaler } = Seen.parse(seenRecord);
    if (autoscaler === null) {
      const expected = { uid, replicas: desiredReplicas };
      return control.scaleTo(input, { replicas: input.replicas, expected }, options, signal);
    }
    const { name, ...expected } = autoscaler;
    const change = { to: wantedBounds(input, autoscaler, desiredReplicas), expected };
    return control.setBounds({ namespace: input.namespace, name }, change, options, signal);
  },

  backOut(input, seenRecord) {
    const { desiredReplicas, autoscaler } = Seen.parse(seenRecord);
    const { bounds: _bounds, ...target } = input;
    const back = { ...target, replicas: desiredReplicas };
    return {
      action: 'scale-workload',
      input: autoscaler === null ? back : { ...back, bounds: { min: autoscaler.min, max: autoscaler.max } },
    };
  },

  trace(input, seenRecord, lost, cluster, signal) {
    const { uid, desiredReplicas, autoscaler } = Seen.parse(seenRecord);
    if (autoscaler === null) {
      const wanting = (count: number) => `wanting ${count} replicas`;
      const now = async () => wanting((await cluster.deployment(input, signal)).desiredReplicas);
      const change = { before: wanting(desiredReplicas), after: wanting(input.replicas), now };
      return traceOf(cluster, { ref: input, uid }, lost, change, signal);
    }
    const { namespace } = input;
    const ref = { kind: 'HorizontalPodAutoscaler', namespace, name: autoscaler.name } as const;
    const keeping = (range: Bounds | null) => (range === null ? 'gone' : `keeping ${rangeOf(range)}`);
    const change = {
      before: keeping(autoscaler),
      after: keeping(wantedBounds(input, autoscaler, desiredReplicas)),
      now: async () => keeping(await cluster.autoscalerOf(input, signal)),
    };
    return traceOf(cluster, { ref, uid: autoscaler.uid }, lost, change, signal);
  },
});

function byCount(input: Input, now: DeploymentState): Plan {
  const where = `${input.namespace}/${input.name}`;
  if (input.bounds)
    throw new Failure('conflict', `${where} has no autoscaler whose bounds could be put back`);
  if (now.desiredReplicas === input.replicas) {
    throw new Failure('conflict', `${where} already wants ${input.replicas} replicas`);
  }
  return {
    title: `Scale ${input.name.slice(0, 200)} from ${now.desiredReplicas} to ${input.replicas}`,
    command: scale(input, input.replicas),
    blastRadius: { class: 'deployment', sentence: countOf(now, input.replicas) },
    reversible: true,
    backOutCommand: scale(input, now.desiredReplicas),
    preconditions: [`${input.name} still wants ${now.desiredReplicas} replicas`],
    ...planFacts(now),
    touches: oneWorkload(input.name, Math.max(now.desiredReplicas, input.replicas), now.serviceTier),
    concerns: [],
    moves: { of: 'replicas', from: now.desiredReplicas, to: input.replicas },
    seen: seenOf(now, null),
  };
}

function byBounds(input: Input, now: DeploymentState, autoscaler: AutoscalerState): Plan {
  const { name, min, max } = autoscaler;
  const where = `${input.namespace}/${input.name}`;
  if (!input.bounds && input.replicas === 0) {
    throw new Failure(
      'conflict',
      `The autoscaler ${name} is in charge of ${where} and keeps at least one replica`,
    );
  }
  if (!input.bounds && input.replicas === now.desiredReplicas) {
    throw new Failure('conflict', `${where} already wants ${input.replicas} replicas`);
  }
  const to = wantedBounds(input, autoscaler, now.desiredReplicas);
  if (isWithin(to, autoscaler)) {
    throw new Failure('conflict', `The autoscaler ${name} of ${where} keeps ${rangeOf(to)} already`);
  }
  if (to.min > to.max) throw new Failure('bad_input', `No autoscaler can keep ${rangeOf(to)}`);
  const ends = Math.min(Math.max(now.desiredReplicas, to.min), to.max);
  return {
    title: `Scale ${input.name.slice(0, 120)} from ${now.desiredReplicas} to ${ends} by its autoscaler`,
    command: patch(input, name, to),
    blastRadius: {
      class: 'deployment',
      sentence: `${countOf(now, ends)}; its autoscaler goes from ${rangeOf(autoscaler)} to ${rangeOf(to)}`,
    },
    reversible: true,
    backOutCommand: patch(input, name, { min, max }),
    preconditions: [
      `the autoscaler ${name} is in charge and would take a replica count back, so its bounds are changed instead`,
      `${name} still keeps ${rangeOf(autoscaler)}`,
    ],
    ...planFacts({
      ...now,
      managedBy: autoscaler.managedBy ?? now.managedBy,
      ownership: autoscaler.ownership ?? now.ownership,
    }),
    touches: oneWorkload(input.name, Math.max(now.desiredReplicas, ends), now.serviceTier),
    concerns: [],
    moves: { of: 'replicas', from: now.desiredReplicas, to: ends },
    seen: seenOf(now, { name, uid: autoscaler.uid, min, max }),
  };
}

/** Upwards the least is raised, downwards the most is lowered; the other bound gives way only where it must. */
function wantedBounds({ replicas: wanted, bounds: given }: Input, now: Bounds, current: number): Bounds {
  if (given) return given;
  return wanted > current
    ? { min: wanted, max: Math.max(now.max, wanted) }
    : { min: Math.min(now.min, wanted), max: wanted };
}

const seenOf = (now: DeploymentState, autoscaler: Seen['autoscaler']): Seen => ({
  uid: now.uid,
  desiredReplicas: now.desiredReplicas,
  autoscaler,
  keepsData: now.keepsData,
});

const isWithin = (one: Bounds, other: Bounds) => one.min === other.min && one.max === other.max;
const rangeOf = ({ min, max }: Bounds) => `${min} to ${max} replicas`;
const drifted = (because: string): Preflight => ({ kind: 'drifted', because });

const countOf = ({ desiredReplicas, serviceTier }: DeploymentState, to: number) =>
  `1 deployment, ${desiredReplicas} to ${to} pods, ${tierText(serviceTier)}`;

const scale = ({ namespace, name }: Target, count: number) =>
  commandOf('kubectl', '-n', namespace, 'scale', `deployment/${name}`, `--replicas=${count}`);

const patch = ({ namespace }: Target, autoscaler: string, { min, max }: Bounds) =>
  commandOf(
    ...['kubectl', '-n', namespace, 'patch', `hpa/${autoscaler}`, '--type=merge', '-p'],
    JSON.stringify({ spec: { minReplicas: min, maxReplicas: max } }),
  );
