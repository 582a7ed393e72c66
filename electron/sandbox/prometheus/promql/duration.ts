const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** `1h30m`, `15s` or a number of seconds, in milliseconds; null when it is neither. */
export function durationMs(text: string): number | null {
  if (/^(\d+(ms|[smhdwy]))+$/.test(text)) {
    let total = 0;
    for (const [, amount, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) {
      total += Number(amount) * (unitMs[unit ?? ''] ?? 0);
    }
    return total;
  }
  return /^\d+(\.\d*)?(e[+-]?\d+)?$/i.test(text) ? Number(text) * 1_000 : null;
}
