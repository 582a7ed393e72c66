import { z } from 'zod';
import { Failure } from '../platform/failure.ts';
import { type ActionOn, defineAction } from './action.ts';
import { counted, someOf, tierText } from './parts/counted.ts';
import {
  carriedBy,
  driftOfNode,
  movable,
  NodeInput,
  nodeBackupRights,
  nodeRights,
  nodeTarget,
} from './parts/node.ts';
import { commandOf } from './parts/quoted.ts';
import { traceOf } from './parts/trace.ts';

type Input = z.infer<typeof NodeInput>;
const Seen = z.object({ uid: z.string(), unschedulable: z.boolean(), keepsData: z.boolean() });

const switching = (to: boolean): Omit<ActionOn<'cluster', Input>, 'name' | 'purpose' | 'backOut'> => ({
  on: 'cluster',
  input: NodeInput,
  permissions: [...nodeRights, ...nodeBackupRights],
  needs: (_input, { keepsData }) => (keepsData === true ? [...nodeRights, ...nodeBackupRights] : nodeRights),
  target: nodeTarget,

  async plan(input, cluster, signal) {
    const now = await cluster.node(input.name, signal);
    if (now.unschedulable === to) {
      throw new Failure('conflict', `${input.name} is ${inWords(to)} already`);
    }
    const pods = movable(now.pods);
    const { workloads, services, tier } = carriedBy(pods);
    return {
      title: `${to ? 'Cordon' : 'Uncordon'} ${input.name.slice(0, 200)}`,
      command: node(input, to),
      blastRadius: {
        class: 'namespace',
        sentence: `1 node${now.isReady ? '' : ', which is not ready'}; ${
          to ? `no new pods come to it, its ${counted(pods.length, 'pod')} stay` : 'new pods come to it again'
        }${workloads.length === 0 ? '' : ` (${someOf(workloads)}; ${tierText(tier)})`}`,
      },
      reversible: true,
      backOutCommand: node(input, !to),
      preconditions: [`${input.name} is still ${inWords(now.unschedulable)}`],
      serviceTier: tier,
      managedBy: null,
      ownership: null,
      touches: { pods: 0, workloads, services },
      // Where pods are put is none of their data's business.
      keepsData: false,
      backupRunning: null,
      concerns: workloads,
      moves: null,
      seen: {
        uid: now.uid,
        unschedulable: now.unschedulable,
        keepsData: now.pods.some(({ keepsData }) => keepsData),
      },
    };
  },

  /** INVARIANT: runs in the same breath as execute, on state read for it alone. */
  async preflight(input, seenRecord, cluster, signal) {
    return driftOfNode(Seen.parse(seenRecord), await cluster.node(input.name, signal));
  },

  execute(input, seenRecord, control, options, signal) {
    const { uid, unschedulable } = Seen.parse(seenRecord);
    const expected = { uid, is: unschedulable };
    return control.setUnschedulable(input.name, { to, expected }, options, signal);
  },

  tryBackOut(input, seenRecord, control, options, signal) {
    const { uid, unschedulable } = Seen.parse(seenRecord);
    const expected = { uid, is: unschedulable };
    return control.setUnschedulable(input.name, { to: !to, expected }, options, signal);
  },

  trace(input, seenRecord, lost, cluster, signal) {
    const { uid, unschedulable } = Seen.parse(seenRecord);
    const ref = { kind: 'Node', namespace: '', name: input.name } as const;
    const now = async () => inWords((await cluster.node(input.name, signal)).unschedulable);
    const change = { before: inWords(unschedulable), after: inWords(to), now };
    return traceOf(cluster, { ref, uid }, lost, change, signal);
  },
});

/** Keeps new pods off a node; those that are there stay. */
export const cordonNode = defineAction<'cluster', Input>({
  ...switching(true),
  name: 'cordon-node',
  purpose: 'Cordon a node: no new pods are put on it, those that are there stay.',
  backOut: (input) => ({ action: 'uncordon-node', input }),
});

export const uncordonNode = defineAction<'cluster', Input>({
  ...switching(false),
  name: 'uncordon-node',
  purpose: 'Uncordon a node: new pods may be put on it again.',
  backOut: (input) => ({ action: 'cordon-node', input }),
});

const inWords = (unschedulable: boolean) => (unschedulable ? 'cordoned' : 'not cordoned');
const node = ({ name }: Input, cordoned: boolean) =>
  commandOf('kubectl', cordoned ? 'cordon' : 'uncordon', name);
