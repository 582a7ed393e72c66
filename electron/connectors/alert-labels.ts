import { bounded } from './bounded.ts';
import type { Alert } from './source.ts';

/** What alerts mean by their labels, wherever they come from: the conventions of Prometheus and its mixins. */
export type Labels = Record<string, string>;

const serviceLabels = [
  'service',
  'service_name',
  'app',
  'destination_workload',
  'deployment',
  'workload',
  'job',
] as const;

export function serviceOf(labels: Labels): string | null {
  for (const name of serviceLabels) if (labels[name]) return labels[name];
  return null;
}

export function severityOf(labels: Labels): Alert['severity'] {
  const word = (labels['severity'] ?? '').toLowerCase();
  if (/^(critical|page|error)$/.test(word)) return 'critical';
  return word === 'warning' ? 'warning' : 'info';
}

export function summaryOf(labels: Labels, annotations: Labels): string {
  const said = annotations['summary'] || annotations['description'] || annotations['message'];
  return bounded(said || nameOf(labels), 500);
}

export const nameOf = (labels: Labels): string => labels['alertname'] || 'an alert without a name';

/**
 * 16 hex digits of FNV-1a over the sorted labels, each name and value ended by 0xff: how Prometheus and Alertmanager
 * fingerprint a label set (prometheus/common, model/signature.go), so that one alert seen through both is one.
 */
export function fingerprintOf(labels: Labels): string {
  let hash = 0xcbf29ce484222325n;
  const add = (byte: number) => {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  };
  for (const name of Object.keys(labels).sort(byBytes)) {
    for (const text of [name, labels[name] ?? '']) {
      for (const byte of Buffer.from(text, 'utf8')) add(byte);
      add(0xff);
    }
  }
  return hash.toString(16).padStart(16, '0');
}

/** Go sorts strings by their UTF-8 bytes, JavaScript by UTF-16 units. */
export const byBytes = (a: string, b: string) =>
  Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
