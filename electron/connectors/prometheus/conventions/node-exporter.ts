import { type Convention, GATHERED, gathered, type Naming, namedBy } from './convention.ts';

/** A machine by its name where that was put on it, otherwise by its address without the port. */
const naming: readonly Naming[] = [
  { label: 'instance', part: '(.+?)(?::[0-9]+)?' },
  { label: 'nodename', part: '(.+)' },
  { label: 'node', part: '(.+)' },
];
/** A machine is told from a service by its label. */
const machine = { ...namedBy(naming), labels: { node: GATHERED } };

const saturation = (name: string, metrics: readonly string[], query: string): Convention => ({
  metrics,
  ...machine,
  name,
  kind: 'saturation',
  unit: 'ratio',
  query,
});
const each = (combine: 'sum' | 'avg' | 'max', vector: string) => gathered(combine, vector, '', naming);

/** Copies of what is elsewhere, and what is full by its nature. */
const disks = 'fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|nsfs|autofs"';

/**
 * Utilisation, saturation and errors of machines (https://github.com/prometheus/node_exporter, and the queries of its
 * mixin), each under its own name.
 */
export const nodeExporter: readonly Convention[] = [
  saturation(
    'saturation',
    ['node_cpu_seconds_total'],
    `1 - ${each('avg', 'rate(node_cpu_seconds_total{mode="idle"}[$window])')}`,
  ),
  saturation(
    'memory_saturation',
    ['node_memory_MemAvailable_bytes', 'node_memory_MemTotal_bytes'],
    `1 - ${each('sum', 'node_memory_MemAvailable_bytes')} / ${each('sum', 'node_memory_MemTotal_bytes')}`,
  ),
  saturation(
    'disk_saturation',
    ['node_filesystem_avail_bytes', 'node_filesystem_size_bytes'],
    each('max', `1 - node_filesystem_avail_bytes{${disks}} / (node_filesystem_size_bytes{${disks}} > 0)`),
  ),
  saturation(
    'disk_io_saturation',
    ['node_disk_io_time_seconds_total'],
    each('max', 'rate(node_disk_io_time_seconds_total[$window])'),
  ),
  saturation(
    'load_saturation',
    ['node_load1', 'node_cpu_seconds_total'],
    `${each('sum', 'node_load1')} / ${each('sum', 'count without (cpu, mode) (node_cpu_seconds_total{mode="idle"})')}`,
  ),
  {
    metrics: ['node_network_receive_errs_total', 'node_network_receive_packets_total'],
    ...machine,
    name: 'network_errors',
    kind: 'error_rate',
    unit: 'ratio',
    query: `${each('sum', 'rate(node_network_receive_errs_total[$window])')} / ${each('sum', 'rate(node_network_receive_packets_total[$window])')}`,
  },
];
