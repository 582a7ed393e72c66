/** An alert as Alertmanager holds it: until `endsMs`, unless whoever sent it tells of it again. */
export type HeldAlert = {
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  startsMs: number;
  endsMs: number;
  updatedMs: number;
  generatorUrl: string;
};

/** How Prometheus sends on what fires: an alert is repeated after a minute, at the next evaluation, and holds for four. */
const resendMs = 75_000;
const holdsMs = 4 * 60_000;

/** The alert of a rule as Prometheus, evaluating every 15 s, would have sent it last. */
export function sentByPrometheus(
  alert: {
    labels: Readonly<Record<string, string>>;
    annotations: Readonly<Record<string, string>>;
    firedAtMs: number;
    expr: string;
  },
  evaluatedMs: number,
): HeldAlert {
  const sentMs =
    alert.firedAtMs + Math.floor(Math.max(0, evaluatedMs - alert.firedAtMs) / resendMs) * resendMs;
  const expression = new URLSearchParams({ 'g0.expr': alert.expr.trim().replaceAll(/\s+/g, ' ') });
  return {
    labels: alert.labels,
    annotations: alert.annotations,
    startsMs: alert.firedAtMs,
    endsMs: sentMs + holdsMs,
    updatedMs: sentMs,
    generatorUrl: `http://prometheus.monitoring.example:9090/graph?${expression}&g0.tab=1`,
  };
}

/** FNV-1a over names and values in order, as Prometheus identifies a label set (`model.LabelSet.Fingerprint`). */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  let hash = 0xcbf29ce484222325n;
  const add = (byte: number) => {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  };
  const separator = 0xff;
  for (const name of Object.keys(labels).sort()) {
    for (const part of [name, labels[name] ?? '']) {
      for (const byte of Buffer.from(part)) add(byte);
      add(separator);
    }
  }
  return hash.toString(16).padStart(16, '0');
}
