import { z } from 'zod';
import { ObjectTarget } from '../../../shared/vocabulary/proposal.ts';
import type { SelectedPods } from '../../connectors/source.ts';
import { Failure } from '../../platform/failure.ts';
import { ownMember } from '../../platform/own-member.ts';
import { inNamespace } from '../action.ts';
import { counted, someOf, tierText } from '../parts/counted.ts';
import { planFacts } from '../parts/plan-facts.ts';
import { commandOf } from '../parts/quoted.ts';
import { traceOf } from '../parts/trace.ts';
import type { Way } from './way.ts';

const labelName = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const labelValue = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

export const ServiceSelector = ObjectTarget.extend({
  kind: z.literal('Service'),
  /** The label of its selector that tells the two apart, such as `version` or `color`. */
  key: z.string().max(317).regex(labelName, 'the name of a label'),
  to: z.string().max(63).regex(labelValue, 'the value of a label'),
});
export type ServiceSelector = z.output<typeof ServiceSelector>;
const Seen = z.object({ uid: z.string(), value: z.string(), selector: z.record(z.string(), z.string()) });

/** One value in the selector of a Service, as blue and green are switched: all of its traffic moves at once. */
export const serviceSelector: Way<ServiceSelector> = {
  permissions: [
    inNamespace('get', '', 'services'),
    inNamespace('list', '', 'pods'),
    inNamespace('list', 'apps', 'deployments'),
    inNamespace('patch', '', 'services'),
  ],

  async plan(input, cluster, signal) {
    const { namespace, name, key, to } = input;
    const now = await cluster.service(input, signal);
    const where = `${namespace}/${name}`;
    const value = ownMember(now.selector, key);
    if (value === undefined) throw new Failure('not_found', `The Service ${where} does not select by ${key}`);
    if (value === to) throw new Failure('conflict', `The Service ${where} selects ${key}=${to} already`);
    const [before, after] = await Promise.all([
      cluster.selectedPods(namespace, now.selector, signal),
      cluster.selectedPods(namespace, { ...now.selector, [key]: to }, signal),
    ]);
    if (after.ready === 0) {
      throw new Failure('conflict', `No pod with ${key}=${to} is ready: ${where} would lead nowhere`);
    }
    const workloads = [...new Set([...before.workloads, ...after.workloads])].sort();
    return {
      title: `Switch ${name.slice(0, 120)} from ${key}=${value} to ${to}`,
      command: select(input, to),
      blastRadius: {
        class: workloads.length > 1 ? 'namespace' : 'deployment',
        sentence: `all traffic of 1 service moves from ${podsOf(before)} to ${podsOf(after)}; ${tierText(now.serviceTier)}`,
      },
      reversible: true,
      backOutCommand: select(input, value),
      preconditions: [
        `${name} still selects ${key}=${value}, and at least one pod with ${key}=${to} is ready`,
        ...(before.ready === 0
          ? [`no pod with ${key}=${value} is ready now: the way back leads nowhere`]
          : []),
      ],
      ...planFacts(now),
      touches: {
        pods: before.all + after.all,
        workloads,
        services: [{ name, tier: now.serviceTier }],
      },
      concerns: [name, ...workloads],
      moves: null,
      seen: { uid: now.uid, value, selector: now.selector },
    };
  },

  /** INVARIANT: runs in the same breath as execute, on state read for it alone. */
  async preflight(input, seenRecord, cluster, signal) {
    const seen = Seen.parse(seenRecord);
    const now = await cluster.service(input, signal);
    if (now.uid !== seen.uid) return { kind: 'drifted', because: 'the Service was deleted and made again' };
    if (textOf(now.selector) !== textOf(seen.selector)) {
      return { kind: 'drifted', because: `it selects ${textOf(now.selector)}, was ${textOf(seen.selector)}` };
    }
    const after = await cluster.selectedPods(
      input.namespace,
      { ...now.selector, [input.key]: input.to },
      signal,
    );
    return after.ready > 0
      ? { kind: 'unchanged' }
      : { kind: 'drifted', because: `no pod with ${input.key}=${input.to} is ready any more` };
  },

  execute({ key, to, ...ref }, seenRecord, control, options, signal) {
    const { uid, value } = Seen.parse(seenRecord);
    return control.setSelectorValue(ref, { key, to, expected: { uid, value } }, options, signal);
  },

  back: (input, seen) => ({ ...input, to: Seen.parse(seen).value }),

  trace(input, seenRecord, lost, cluster, signal) {
    const { uid, value } = Seen.parse(seenRecord);
    const by = (held: string | undefined) => `selecting by ${input.key}=${held ?? '(not set)'}`;
    const now = async () => by(ownMember((await cluster.service(input, signal)).selector, input.key));
    return traceOf(
      cluster,
      { ref: input, uid },
      lost,
      { before: by(value), after: by(input.to), now },
      signal,
    );
  },
};

const podsOf = ({ all, ready, workloads }: SelectedPods) =>
  `${counted(all, 'pod')}${workloads.length === 0 ? '' : ` of ${someOf(workloads, 3)}`} (${ready} ready)`;

const textOf = (selector: Record<string, string>) =>
  Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');

const select = ({ namespace, name, key }: ServiceSelector, to: string) =>
  commandOf(
    ...['kubectl', '-n', namespace, 'patch', `service/${name}`, '--type=merge', '-p'],
    JSON.stringify({ spec: { selector: { [key]: to } } }),
  );
