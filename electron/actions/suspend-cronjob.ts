import { z } from 'zod';
import { ObjectTarget, type Target } from '../../shared/vocabulary/proposal.ts';
import { Failure } from '../platform/failure.ts';
import { type ActionOn, defineAction, inNamespace } from './action.ts';
import { counted } from './parts/counted.ts';
import { planFacts } from './parts/plan-facts.ts';
import { commandOf } from './parts/quoted.ts';
import { traceOf } from './parts/trace.ts';

const Input = ObjectTarget.extend({ kind: z.literal('CronJob') });
type Input = z.infer<typeof Input>;
const Seen = z.object({ uid: z.string(), suspended: z.boolean(), schedule: z.string() });

const switching = (to: boolean): Omit<ActionOn<'cluster', Input>, 'name' | 'purpose' | 'backOut'> => ({
  on: 'cluster',
  input: Input,
  permissions: [inNamespace('get', 'batch', 'cronjobs'), inNamespace('patch', 'batch', 'cronjobs')],
  target: (input): Target => input,

  async plan(input, cluster, signal) {
    const now = await cluster.cronJob(input, signal);
    const { suspended, schedule, running, makesBackups } = now;
    if (suspended === to) {
      throw new Failure('conflict', `${input.namespace}/${input.name} is ${inWords(to)} already`);
    }
    return {
      title: `${to ? 'Suspend' : 'Resume'} the cron job ${input.name.slice(0, 200)}`,
      command: patch(input, to),
      blastRadius: {
        class: 'deployment',
        sentence: `1 cron job (${schedule.slice(0, 60)})${running === 0 ? '' : `, ${counted(running, 'job')} of it running, which ${running === 1 ? 'goes' : 'go'} on`}${
          to && makesBackups ? '; no backup is made while it is suspended' : ''
        }`,
      },
      reversible: true,
      backOutCommand: patch(input, !to),
      preconditions: [
        `${input.name} is still ${inWords(suspended)}, its schedule unchanged`,
        to
          ? 'jobs that run go on; those that would start while it is suspended are left out'
          : 'a job whose time has passed meanwhile may start at once',
      ],
      // What it would do is left out; whatever runs is not touched, and so holds no backup up.
      ...planFacts(now),
      touches: { pods: 0, workloads: [input.name], services: [{ name: input.name, tier: now.serviceTier }] },
      concerns: [input.name],
      moves: null,
      seen: { uid: now.uid, suspended, schedule },
    };
  },

  /** INVARIANT: runs in the same breath as execute, on state read for it alone. */
  async preflight(input, seenRecord, cluster, signal) {
    const seen = Seen.parse(seenRecord);
    const now = await cluster.cronJob(input, signal);
    if (now.uid !== seen.uid) return { kind: 'drifted', because: 'the CronJob was deleted and made again' };
    if (now.suspended !== seen.suspended)
      return { kind: 'drifted', because: `it was ${now.suspended ? 'suspended' : 'resumed'}` };
    if (now.schedule !== seen.schedule)
      return { kind: 'drifted', because: `its schedule is ${now.schedule}, was ${seen.schedule}` };
    return { kind: 'unchanged' };
  },

  execute(input, seenRecord, control, options, signal) {
    const { uid, suspended } = Seen.parse(seenRecord);
    return control.setSuspended(input, { to, expected: { uid, is: suspended } }, options, signal);
  },

  tryBackOut(input, seenRecord, control, options, signal) {
    const { uid, suspended } = Seen.parse(seenRecord);
    return control.setSuspended(input, { to: !to, expected: { uid, is: suspended } }, options, signal);
  },

  trace(input, seenRecord, lost, cluster, signal) {
    const { uid, suspended } = Seen.parse(seenRecord);
    const now = async () => inWords((await cluster.cronJob(input, signal)).suspended);
    const change = { before: inWords(suspended), after: inWords(to), now };
    return traceOf(cluster, { ref: input, uid }, lost, change, signal);
  },
});

/** Starts no further jobs of a schedule. */
export const suspendCronjob = defineAction<'cluster', Input>({
  ...switching(true),
  name: 'suspend-cronjob',
  purpose: 'Suspend a CronJob: jobs that run go on, no further ones are started.',
  backOut: (input) => ({ action: 'resume-cronjob', input }),
});

export const resumeCronjob = defineAction<'cluster', Input>({
  ...switching(false),
  name: 'resume-cronjob',
  purpose: 'Resume a suspended CronJob.',
  backOut: (input) => ({ action: 'suspend-cronjob', input }),
});

const inWords = (suspended: boolean) => (suspended ? 'suspended' : 'not suspended');

const patch = ({ namespace, name }: Input, suspend: boolean) =>
  commandOf(
    ...['kubectl', '-n', namespace, 'patch', `cronjob/${name}`, '--type=merge', '-p'],
    JSON.stringify({ spec: { suspend } }),
  );
