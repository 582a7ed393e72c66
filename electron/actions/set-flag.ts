import { z } from 'zod';
import { FlagTarget, type Target } from '../../shared/vocabulary/proposal.ts';
import type { FlagRef, FlagState } from '../connectors/source.ts';
import { Failure } from '../platform/failure.ts';
import { defineAction, type Permission } from './action.ts';
import { quoted } from './parts/quoted.ts';

const Input = z.strictObject({
  cluster: FlagTarget.shape.cluster,
  project: FlagTarget.shape.project,
  flag: FlagTarget.shape.name,
  environment: FlagTarget.shape.namespace,
  enabled: z.boolean(),
  /** Null leaves the share as it is. */
  percent: z.number().int().min(0).max(100).nullable(),
});
type Input = z.infer<typeof Input>;
const Seen = z.object({ enabled: z.boolean(), percent: z.number().nullable(), digest: z.string() });

const reading: Permission = { verb: 'get', group: '', resource: 'feature flags', scope: 'namespace' };
const turning: Permission = {
  verb: 'update',
  group: '',
  resource: 'feature environments',
  scope: 'namespace',
};
const settingShare: Permission = {
  verb: 'update',
  group: '',
  resource: 'feature strategies',
  scope: 'namespace',
};

/** Turns a feature flag on or off in one environment, or sets the share of its one gradual rollout. */
export const setFlag = defineAction<'flags', Input>({
  name: 'set-flag',
  on: 'flags',
  purpose:
    'Turn a feature flag on or off in one environment, or set the percentage of its gradual rollout; one of the two.',
  input: Input,
  // Rights at Unleash, in its own words: no Kubernetes role gives them.
  permissions: [reading, turning, settingShare],
  needs: ({ percent }, seen) => [
    reading,
    percent === null || percent === Seen.parse(seen).percent ? turning : settingShare,
  ],
  target: (input): Target => ({ cluster: input.cluster, kind: 'Flag', ...refOf(input) }),

  async plan(input, flags, signal) {
    const now = await flags.flag(refOf(input), signal);
    const obstacle = obstacleTo(input, now);
    if (obstacle) throw obstacle;
    const { enabled, percent, digest, service } = now;
    const setsShare = input.percent !== null && input.percent !== percent;
    const [from, to] = setsShare
      ? [`${percent} %`, `${input.percent} %`]
      : [onOff(enabled), onOff(input.enabled)];
    const back = { enabled, percent: setsShare ? percent : null };
    return {
      title: `Set flag ${input.flag} in ${input.environment} from ${from} to ${to}`,
      command: request(input, input.enabled, setsShare ? input.percent : null, now),
      blastRadius: {
        class: service === null ? 'namespace' : 'deployment',
        sentence: `everybody in ${input.environment} who asks for 1 flag, ${reachOf(now)}; ${
          service === null ? 'of no service that is known' : `service ${service} of unknown tier`
        }`,
      },
      reversible: true,
      backOutCommand: request(input, back.enabled, back.percent, now),
      preconditions: [
        `${input.flag} is still ${onOff(enabled)}${percent === null ? '' : ` for ${percent} %`}, its strategies unchanged`,
        'services follow when they next fetch their flags',
      ],
      serviceTier: null,
      managedBy: null,
      ownership: null,
      touches: {
        pods: 0,
        workloads: [],
        services: service === null ? [] : [{ name: service, tier: null }],
      },
      keepsData: false,
      backupRunning: null,
      concerns: service === null ? [] : [service],
      moves:
        input.percent === null || percent === null
          ? null
          : { of: 'percent', from: percent, to: input.percent },
      seen: { enabled, percent, digest },
    };
  },

  /** INVARIANT: runs in the same breath as execute, on state read for it alone. */
  async preflight(input, seenRecord, flags, signal) {
    const seen = Seen.parse(seenRecord);
    const now = await flags.flag(refOf(input), signal);
    if (now.digest === seen.digest) return { kind: 'unchanged' };
    if (now.archived) return { kind: 'drifted', because: 'it was archived' };
    if (now.enabled !== seen.enabled)
      return { kind: 'drifted', because: `it was turned ${onOff(now.enabled)}` };
    if (now.percent !== seen.percent) {
      return {
        kind: 'drifted',
        because: `its share is ${shareOf(now.percent)}, was ${shareOf(seen.percent)}`,
      };
    }
    return { kind: 'drifted', because: 'its strategies were changed' };
  },

  execute(input, seen, control, options, signal) {
    const { enabled, percent } = input;
    const change = { enabled, percent, expectedDigest: Seen.parse(seen).digest };
    return control.setFlag(refOf(input), change, options, signal);
  },

  backOut(input, seenRecord) {
    const { enabled, percent } = Seen.parse(seenRecord);
    return {
      action: 'set-flag',
      input: { ...input, enabled, percent: input.percent === null ? null : percent },
    };
  },
  tryBackOut(input, seenRecord, control, options, signal) {
    const { enabled, percent, digest } = Seen.parse(seenRecord);
    const step = {
      there: { enabled: input.enabled, percent: input.percent },
      back: { enabled, percent: input.percent === null ? null : percent },
      expectedDigest: digest,
    };
    return control.tryBack(refOf(input), step, options, signal);
  },

  /** Unleash keeps no name of who wrote with a flag's state: what it shows is compared, which proves nothing by itself. */
  async trace(input, seenRecord, _lost, flags, signal) {
    const seen = Seen.parse(seenRecord);
    const now = await flags.flag(refOf(input), signal);
    const is = `${input.flag} is ${onOff(now.enabled)} with the share ${shareOf(now.percent)}`;
    if (now.digest === seen.digest) {
      return { kind: 'was-not', evidence: `${is}, and everything about it is as it was planned on` };
    }
    return { kind: 'cannot-tell', evidence: `${is}: who set it Unleash tells in its event log alone` };
  },
});

const refOf = ({ project, environment, flag }: Input): FlagRef => ({
  project,
  namespace: environment,
  name: flag,
});

/** One action is one request, and one request either turns a flag or sets its share. */
function obstacleTo({ flag, enabled, percent }: Input, now: FlagState): Failure | null {
  if (now.archived) return new Failure('conflict', `${flag} is archived`);
  const isOtherShare = percent !== null && percent !== now.percent;
  if (enabled !== now.enabled) {
    return isOtherShare
      ? new Failure('bad_input', `Turn ${flag} ${onOff(enabled)} or set its share, one at a time`)
      : null;
  }
  if (!isOtherShare) return new Failure('conflict', `${flag} is so already`);
  if (now.percent === null) {
    return new Failure('conflict', `${flag} has not one gradual rollout: set its strategies by hand`);
  }
  return enabled ? null : new Failure('bad_input', `${flag} is off: its share decides nothing`);
}

const reachOf = ({ strategies }: FlagState) =>
  strategies.length === 0
    ? 'without a strategy'
    : strategies
        .slice(0, 3)
        .map(({ name, percent }) => (percent === null ? name : `${name} ${percent} %`))
        .join(', ');

const onOff = (enabled: boolean) => (enabled ? 'on' : 'off');
const shareOf = (percent: number | null) => (percent === null ? 'no one number' : `${percent} %`);

/** The request as a person would send it; the address and the token are theirs. */
function request(
  { project, flag, environment }: Input,
  enabled: boolean,
  percent: number | null,
  { strategies }: FlagState,
): string {
  const path = `/api/admin/projects/${project}/features/${flag}/environments/${environment}`;
  // Variables are expanded by whoever types it; names and path are safe in double quotes by their schema.
  const at = (rest: string) => `"$UNLEASH_URL${path}${rest}"`;
  const curl = 'curl -H "Authorization: $UNLEASH_TOKEN"';
  if (percent === null) return `${curl} -X POST ${at(`/${onOff(enabled)}`)}`;
  const body = JSON.stringify([{ op: 'replace', path: '/parameters/rollout', value: String(percent) }]);
  // The id comes from the server.
  const strategy = encodeURIComponent(strategies[0]?.id ?? '').replaceAll('!', '%21');
  return `${curl} -H 'Content-Type: application/json' -X PATCH -d ${quoted(body)} ${at(`/strategies/${strategy}`)}`;
}
