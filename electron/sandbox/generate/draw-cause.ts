import type { z } from 'zod';
import type { Random } from '../random.ts';
import type { FaultKind } from '../scenario/fault.ts';
import type { ScenarioFile } from '../scenario/scenario.ts';
import type { AlertRule, ServiceSpec, Topology } from '../scenario/topology.ts';
import { ordinaryUse } from './draw-topology.ts';
import { perRequestOf } from './ordinary-day.ts';

type FileInput = z.input<typeof ScenarioFile>;
type FaultInput = FileInput['faults'][number];
type Remedies = FileInput['helps'];

/** What goes wrong, and all that is true of it. */
export type Cause = {
  fault: FaultInput;
  alerts: AlertRule[];
  truth: { changes: string[]; services: 'culprit'[] };
  helps: Remedies;
  harms: Remedies;
  conclusion: string;
  ends: { minutes: number; untouched: 'bad' | 'quiet' };
};

/** Why a kind of fault, at this service, would not be felt; null when it would be. */
export function unfit(kind: FaultKind, service: ServiceSpec, topology: Topology): string | null {
  switch (kind) {
    case 'provider':
      return service.kind === 'provider' ? null : 'is no outside provider';
    case 'backup':
      if (service.kind !== 'database') return 'is no database';
      return feltByCallers(service, topology) ? null : 'is a database that nobody depends on';
    case 'traffic':
    case 'surge':
      return service.entryRps === undefined ? 'is no entry' : null;
    case 'scale': {
      if (service.kind !== 'service') return 'is no service';
      if (service.autoscaled) return 'is scaled by an autoscaler';
      const use = ordinaryUse(topology).get(service.name) ?? 0;
      return use * service.replicas < enoughFor(lowTide) ? 'has too few replicas to miss any' : null;
    }
    case 'release':
    case 'flag':
    case 'config':
      return service.kind === 'service' ? null : 'is no service of ours';
  }
}

/** At the quietest hour of the week this much of the ordinary load is left. */
const lowTide = 0.79;
/** A multiple of what there is room for, so that requests fail beyond doubt. */
const tooMuch = 1.25;
const enoughFor = (load: number): number => tooMuch / load;

/** Whether somebody's requests fail by more than the alert's limit when most of the calls to a database do. */
function feltByCallers({ name }: ServiceSpec, { services }: Topology): boolean {
  return services.some(({ calls }) =>
    calls.some((call) => call.to === name && Math.min(1, perRequestOf(call)) * call.criticality > 0.35),
  );
}

const restartHarms = { action: 'restart-workload', on: 'culprit' } as const;
const wrongRollback = {
  action: 'roll-back-deployment',
  on: 'alerting',
  because: 'it takes away a good release and the trouble stays',
} as const;
const rollback = {
  action: 'roll-back-deployment',
  on: 'culprit',
  because: 'the release is not what changed its behaviour',
} as const;

/** The fault of this kind at this service, as large as it takes for an alert to fire. */
export function drawCause(options: {
  kind: FaultKind;
  service: ServiceSpec;
  topology: Topology;
  delaySeconds: number;
  random: Random;
}): Cause {
  const { kind, service, topology, delaySeconds, random } = options;
  const common = { name: 'fault', service: { oneOf: [service.name] } };
  const delay: [number, number] = [delaySeconds, delaySeconds];
  const strength = random.between(0.12, 0.22);
  const errors = { errorShare: around(strength), latencyFactor: around(random.between(1.5, 3.5)) };
  const ours = { alerts: [], truth: { changes: ['fault'], services: ['culprit' as const] } };
  const nobodys = { alerts: [], truth: { changes: [], services: [] } };
  const use = ordinaryUse(topology).get(service.name) ?? 0.4;

  switch (kind) {
    case 'release':
      return {
        ...ours,
        fault: { kind, ...common, effect: errors, delaySeconds: delay },
        helps: [{ action: 'roll-back-deployment', on: 'culprit', because: 'the version before was good' }],
        harms: [wrongRollback, { ...restartHarms, because: 'the new pods run the same bad version' }],
        conclusion: `A release of ${service.name} fails and slows its own requests; its callers only pass that on. Rolling it back ends it.`,
        ends: { minutes: 8, untouched: 'bad' },
      };
    case 'flag':
      return {
        ...ours,
        fault: {
          kind,
          ...common,
          effect: { ...errors, errorShare: around(strength * 1.3) },
          delaySeconds: delay,
          percent: [80, 100],
        },
        helps: [
          { action: 'set-flag', on: 'culprit', because: 'without the flag its requests take the old path' },
        ],
        harms: [wrongRollback, rollback, { ...restartHarms, because: 'the flag is on after a restart, too' }],
        conclusion: `A flag turned up for ${service.name} makes part of its requests fail. Turning it back ends it.`,
        ends: { minutes: 6, untouched: 'bad' },
      };
    case 'config':
      return {
        ...ours,
        fault: {
          kind,
          ...common,
          effect: errors,
          delaySeconds: delay,
          setting: 'http.client.timeout-ms',
          value: String(random.pick([20, 40, 60])),
        },
        helps: [
          {
            action: 'revert-config',
            on: 'culprit',
            because: 'the value before gave calls the time they need',
          },
        ],
        harms: [
          wrongRollback,
          rollback,
          { ...restartHarms, because: 'the setting is read again after a restart' },
        ],
        conclusion: `A setting of ${service.name} gives its calls too little time, so that they fail. Putting the value back ends it.`,
        ends: { minutes: 6, untouched: 'bad' },
      };
    case 'traffic': {
      const factor = enoughFor(lowTide) / use;
      return {
        ...ours,
        fault: { kind, ...common, factor: [factor, factor * 1.1] },
        helps: [
          {
            action: 'shift-traffic',
            on: 'culprit',
            because: 'with its ordinary share of the traffic there is room again',
          },
        ],
        harms: [
          wrongRollback,
          { ...restartHarms, because: 'it takes capacity away when there is too little' },
        ],
        conclusion: `Far more of the world's traffic than usual was sent to ${service.name}. Every service is as good as before; moving the weight back ends it.`,
        ends: { minutes: 8, untouched: 'bad' },
      };
    }
    case 'scale': {
      const left = Math.max(1, Math.floor((use * service.replicas) / enoughFor(lowTide)));
      const share = left / service.replicas;
      return {
        ...ours,
        fault: { kind, ...common, share: [share, share] },
        helps: [
          { action: 'scale-workload', on: 'culprit', because: 'as many pods as before can do the work' },
        ],
        harms: [wrongRollback, { ...restartHarms, because: 'even fewer pods answer while it lasts' }],
        conclusion: `${service.name} was left with ${left} of ${service.replicas} replicas, too few for its load. Scaling it back ends it.`,
        ends: { minutes: 8, untouched: 'bad' },
      };
    }
    case 'provider':
      return {
        ...nobodys,
        fault: {
          kind,
          ...common,
          effect: { errorShare: [0.4, 0.6], latencyFactor: [2, 4] },
          delaySeconds: delay,
          quotaShare: [0.2, 0.3],
        },
        helps: [
          {
            action: 'shift-traffic',
            on: 'entry',
            because: 'fewer requests: more of what is left fits into what the provider still takes',
          },
        ],
        harms: [
          wrongRollback,
          { action: 'roll-back-deployment', on: 'caller', because: 'the provider stays down' },
        ],
        conclusion: `The outside provider ${service.name} refuses most of what it is sent. No change of ours caused it.`,
        ends: { minutes: 10, untouched: 'bad' },
      };
    case 'surge':
      return {
        ...nobodys,
        alerts: [unusualTraffic(service.name)],
        fault: { kind, ...common, factor: [1.38, 1.45], minutes: [14, 18] },
        helps: [],
        harms: ['roll-back-deployment', 'restart-workload'].map((action) => ({
          action,
          on: 'anywhere' as const,
          because: 'nothing is broken, and every write is a risk',
        })),
        conclusion: `More requests than usual reach ${service.name} for a while. Nothing fails and nothing changed on our side; it ends by itself.`,
        ends: { minutes: 30, untouched: 'quiet' },
      };
    case 'backup': {
      const work = enoughFor(lowTide) / use;
      return {
        ...ours,
        fault: {
          kind,
          ...common,
          effect: { latencyFactor: [6, 9], workFactor: [work * 1.3, work * 1.5] },
          delaySeconds: delay,
          minutes: [16, 20],
        },
        helps: [],
        harms: [
          { ...restartHarms, because: 'the backup begins anew, on cold buffers' },
          {
            action: 'roll-back-deployment',
            on: 'caller',
            because: 'it takes away a good release and the backup goes on',
          },
        ],
        conclusion: `A backup of ${service.name} slows it down and fails part of its queries. It ends by itself; restarting the database would begin it anew.`,
        ends: { minutes: 30, untouched: 'quiet' },
      };
    }
  }
}

function around(value: number): [number, number] {
  return [Math.round(value * 950) / 1_000, Math.round(value * 1_050) / 1_000];
}

function unusualTraffic(entry: string): AlertRule {
  const requests = `rate(istio_requests_total{reporter="destination",destination_workload="${entry}"}[2m]`;
  const by = 'sum by (destination_workload, destination_workload_namespace)';
  return {
    alert: 'UnusualTraffic',
    expr: `${by} (${requests}))\n  / ${by} (${requests} offset 10m)) > 1.2`,
    forSeconds: 60,
    labels: {
      severity: 'warning',
      service: '{{ $labels.destination_workload }}',
      namespace: '{{ $labels.destination_workload_namespace }}',
    },
    annotations: {
      summary: '{{ $labels.destination_workload }} gets {{ $value }} times the requests of ten minutes ago',
    },
  };
}
