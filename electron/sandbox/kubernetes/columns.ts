import type { RoleBinding } from '../cluster/accounts.ts';
import type { Container } from '../cluster/meta.ts';
import type { Kind, KubernetesObject, Objects, Pod } from '../cluster/objects.ts';
import { ageAt, humanDuration } from './ages.ts';

export type Cell = string | number | boolean;

/** `wide` columns are those that kubectl prints with `-o wide` only. */
type Column<T> = {
  name: string;
  type: 'string' | 'integer' | 'boolean';
  wide: boolean;
  cell: (object: T, nowMs: number) => Cell;
};

type Columns = { readonly [K in Kind]: readonly Column<Objects[K]>[] };

const shown = <T>(name: string, cell: Column<T>['cell'], type: Column<T>['type'] = 'string'): Column<T> => ({
  name,
  type,
  wide: false,
  cell,
});
const wide = <T>(name: string, cell: Column<T>['cell']): Column<T> => ({
  name,
  type: 'string',
  wide: true,
  cell,
});

const name = shown<KubernetesObject>('Name', ({ metadata }) => metadata.name);
const age = shown<KubernetesObject>('Age', ({ metadata }, nowMs) => ageAt(nowMs, metadata.creationTimestamp));

type WithTemplate = { spec: { template: { spec: { containers: readonly Container[] } } } };
const containers = [
  wide('Containers', (object: WithTemplate) =>
    containersOf(object)
      .map((each) => each.name)
      .join(','),
  ),
  wide('Images', (object: WithTemplate) =>
    containersOf(object)
      .map((each) => each.image)
      .join(','),
  ),
];
const containersOf = ({ spec }: WithTemplate) => spec.template.spec.containers;
const selector = wide('Selector', ({ spec }: { spec: { selector: { matchLabels: Texts } } }) =>
  labelsText(spec.selector.matchLabels),
);

type Texts = Readonly<Record<string, string>>;
const labelsText = (labels: Texts): string =>
  Object.keys(labels).length === 0
    ? '<none>'
    : Object.entries(labels)
        .map(([label, value]) => `${label}=${value}`)
        .sort()
        .join(',');

const orNone = (value: Cell | undefined) => value ?? '<none>';

const createdAt = shown<KubernetesObject>('Created At', ({ metadata }) => metadata.creationTimestamp);

type Binding = Pick<RoleBinding, 'roleRef' | 'subjects'>;
const subjectsOf = (title: string, kind: Binding['subjects'][number]['kind']) =>
  wide(title, ({ subjects }: Binding) =>
    subjects
      .filter((subject) => subject.kind === kind)
      .map((subject) => (kind === 'ServiceAccount' ? `${subject.namespace}/${subject.name}` : subject.name))
      .join(', '),
  );
const bound = [
  shown('Role', ({ roleRef }: Binding) => `${roleRef.kind}/${roleRef.name}`),
  age,
  subjectsOf('Users', 'User'),
  subjectsOf('Groups', 'Group'),
  subjectsOf('ServiceAccounts', 'ServiceAccount'),
];

/** What the API server prints of each kind (pkg/printers/internalversion of Kubernetes 1.32). */
export const columns: Columns = {
  ClusterRole: [name, createdAt],
  ClusterRoleBinding: [name, ...bound],
  ConfigMap: [name, shown('Data', ({ data }) => Object.keys(data).length, 'integer'), age],
  ControllerRevision: [
    name,
    shown('Controller', ({ metadata }) => {
      const owner = metadata.ownerReferences?.[0];
      return owner ? `${owner.kind.toLowerCase()}.apps/${owner.name}` : '<none>';
    }),
    shown('Revision', ({ revision }) => revision, 'integer'),
    age,
  ],
  CronJob: [
    name,
    shown('Schedule', ({ spec }) => spec.schedule),
    shown('Timezone', () => '<none>'),
    // The server prints this boolean as text.
    shown('Suspend', ({ spec }) => (spec.suspend ? 'True' : 'False')),
    shown('Active', ({ status }) => status.active?.length ?? 0, 'integer'),
    shown('Last Schedule', ({ status }, nowMs) =>
      status.lastScheduleTime === undefined ? '<none>' : ageAt(nowMs, status.lastScheduleTime),
    ),
    age,
    wide('Containers', ({ spec }) =>
      containersOf(spec.jobTemplate)
        .map((each) => each.name)
        .join(','),
    ),
    wide('Images', ({ spec }) =>
      containersOf(spec.jobTemplate)
        .map((each) => each.image)
        .join(','),
    ),
    wide('Selector', () => '<none>'),
  ],
  DaemonSet: [
    name,
    shown('Desired', ({ status }) => status.desiredNumberScheduled, 'integer'),
    shown('Current', ({ status }) => status.currentNumberScheduled, 'integer'),
    shown('Ready', ({ status }) => status.numberReady, 'integer'),
    shown('Up-to-date', ({ status }) => status.updatedNumberScheduled ?? 0, 'integer'),
    shown('Available', ({ status }) => status.numberAvailable ?? 0, 'integer'),
    shown('Node Selector', () => '<none>'),
    age,
    ...containers,
    selector,
  ],
  Deployment: [
    name,
    shown('Ready', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}`),
    shown('Up-to-date', ({ status }) => status.updatedReplicas ?? 0, 'integer'),
    shown('Available', ({ status }) => status.availableReplicas ?? 0, 'integer'),
    age,
    ...containers,
    selector,
  ],
  Event: [
    shown('Last Seen', ({ lastTimestamp }, nowMs) => ageAt(nowMs, lastTimestamp)),
    shown('Type', ({ type }) => type),
    shown('Reason', ({ reason }) => reason),
    shown('Object', ({ involvedObject: { kind, name: object } }) => `${kind.toLowerCase()}/${object}`),
    wide('Subobject', () => ''),
    wide('Source', ({ source }) => [source.component, source.host].filter(Boolean).join(', ')),
    shown('Message', ({ message }) => message.trim()),
    wide('First Seen', ({ firstTimestamp }, nowMs) => ageAt(nowMs, firstTimestamp)),
    wide('Count', ({ count }) => String(count)),
    { ...name, wide: true },
  ],
  HorizontalPodAutoscaler: [
    name,
    shown('Reference', ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`),
    shown('Targets', ({ spec, status }) =>
      (spec.metrics ?? [])
        .map(({ resource: { name: metric, target } }) => {
          const seen = status.currentMetrics?.find(({ resource }) => resource.name === metric);
          const now = seen ? `${seen.resource.current.averageUtilization}%` : '<unknown>';
          return `${metric}: ${now}/${target.averageUtilization}%`;
        })
        .join(', '),
    ),
    shown('MinPods', ({ spec }) => String(spec.minReplicas)),
    shown('MaxPods', ({ spec }) => String(spec.maxReplicas)),
    shown('Replicas', ({ status }) => String(status.currentReplicas)),
    age,
  ],
  HTTPRoute: [name, shown('Hostnames', ({ spec }) => JSON.stringify(spec.hostnames ?? [])), age],
  Ingress: [
    name,
    shown('Class', ({ spec }) => spec.ingressClassName ?? '<none>'),
    shown('Hosts', ({ spec }) => spec.rules.map(({ host }) => host).join(',')),
    shown('Address', ({ status }) => (status.loadBalancer.ingress ?? []).map(({ ip }) => ip).join(',')),
    shown('Ports', () => '80'),
    age,
  ],
  Job: [
    name,
    shown('Status', ({ status }) => {
      const holds = (type: string) =>
        status.conditions?.some((condition) => condition.type === type && condition.status === 'True');
      return holds('Complete') ? 'Complete' : holds('Failed') ? 'Failed' : 'Running';
    }),
    shown('Completions', ({ spec, status }) => `${status.succeeded ?? 0}/${spec.completions ?? 1}`),
    shown('Duration', ({ status }, nowMs) => {
      if (status.startTime === undefined) return '';
      const endMs = status.completionTime === undefined ? nowMs : Date.parse(status.completionTime);
      return humanDuration(endMs - Date.parse(status.startTime));
    }),
    age,
    ...containers,
    selector,
  ],
  Namespace: [name, shown('Status', ({ status }) => status.phase), age],
  Node: [
    name,
    shown('Status', ({ spec, status }) => {
      const ready = status.conditions.find(({ type }) => type === 'Ready')?.status === 'True';
      return `${ready ? 'Ready' : 'NotReady'}${spec.unschedulable ? ',SchedulingDisabled' : ''}`;
    }),
    shown('Roles', () => '<none>'),
    age,
    shown('Version', ({ status }) => status.nodeInfo['kubeletVersion'] ?? ''),
    wide('Internal-IP', ({ status }) =>
      orNone(status.addresses?.find(({ type }) => type === 'InternalIP')?.address),
    ),
    wide('External-IP', () => '<none>'),
    wide('OS-Image', ({ status }) => status.nodeInfo['osImage'] ?? '<unknown>'),
    wide('Kernel-Version', ({ status }) => status.nodeInfo['kernelVersion'] ?? '<unknown>'),
    wide('Container-Runtime', ({ status }) => status.nodeInfo['containerRuntimeVersion'] ?? '<unknown>'),
  ],
  Pod: [
    name,
    shown('Ready', ({ spec, status }) => {
      const ready = status.containerStatuses.filter((each) => each.ready).length;
      return `${ready}/${spec.containers.length}`;
    }),
    shown('Status', podStatus),
    shown('Restarts', restarts),
    age,
    wide('IP', ({ status }) => orNone(status.podIP)),
    wide('Node', ({ spec }) => (spec.nodeName === '' ? '<none>' : spec.nodeName)),
    wide('Nominated Node', () => '<none>'),
    wide('Readiness Gates', () => '<none>'),
  ],
  PodDisruptionBudget: [
    name,
    shown('Min Available', ({ spec }) => String(spec.minAvailable ?? 'N/A')),
    shown('Max Unavailable', ({ spec }) => String(spec.maxUnavailable ?? 'N/A')),
    shown('Allowed Disruptions', ({ status }) => status.disruptionsAllowed, 'integer'),
    age,
  ],
  ReplicaSet: [
    name,
    shown('Desired', ({ spec }) => spec.replicas, 'integer'),
    shown('Current', ({ status }) => status.replicas, 'integer'),
    shown('Ready', ({ status }) => status.readyReplicas ?? 0, 'integer'),
    age,
    ...containers,
    selector,
  ],
  Role: [name, createdAt],
  RoleBinding: [name, ...bound],
  Secret: [
    name,
    shown('Type', ({ type }) => type),
    shown('Data', ({ data }) => Object.keys(data).length, 'integer'),
    age,
  ],
  ServiceAccount: [name, shown('Secrets', () => 0, 'integer'), age],
  Service: [
    name,
    shown('Type', ({ spec }) => spec.type),
    shown('Cluster-IP', ({ spec }) => spec.clusterIP),
    shown('External-IP', () => '<none>'),
    shown('Port(s)', ({ spec }) => spec.ports.map(({ port, protocol }) => `${port}/${protocol}`).join(',')),
    age,
    wide('Selector', ({ spec }) => labelsText(spec.selector)),
  ],
  StatefulSet: [
    name,
    shown('Ready', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}`),
    age,
    ...containers,
  ],
};

/** That a pod is going, or what a container waits for or ended with, says more than the phase. */
function podStatus({ metadata, status }: Pod): string {
  const isOver = status.phase === 'Succeeded' || status.phase === 'Failed';
  if (metadata.deletionTimestamp !== undefined && !isOver) return 'Terminating';
  const reasons = status.containerStatuses.flatMap(({ state }) => [
    state['waiting']?.['reason'],
    state['terminated']?.['reason'],
  ]);
  return reasons.find((reason) => typeof reason === 'string') ?? status.phase;
}

/** How often containers were started again, and how long ago one last had to be. */
function restarts({ status }: Pod, nowMs: number): string {
  const count = status.containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const ends = status.containerStatuses.flatMap(
    ({ lastState }) => lastState['terminated']?.['finishedAt'] ?? [],
  );
  const last = ends.map(String).sort().at(-1);
  return count === 0 || last === undefined ? String(count) : `${count} (${ageAt(nowMs, last)} ago)`;
}
