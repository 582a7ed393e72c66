/** `2026-03-01 10:00:00`, in UTC. */
export const utc = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, 19);
/** `10:00:00`, in UTC. */
export const utcTime = (ms: number): string => utc(ms).slice(11);

/** Inside back-ticks only back-ticks and line breaks could get out. */
export const code = (value: string): string => value.replaceAll('`', "'").replaceAll(/[\r\n]+/g, ' ');

/** Milliseconds in the two largest units: `45 s`, `4 min 10 s`, `2 h 5 min`. */
export function lasted(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(minutes, 'min', seconds % 60, 's');
  return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

const joined = (large: number, unit: string, small: number, smallUnit: string) =>
  small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;

/** Blocks of Markdown with a blank line between; empty ones are left out. */
export const blocks = (...parts: readonly string[]): string =>
  parts.filter((part) => part !== '').join('\n\n');

/** A Markdown list; nothing for no items. */
export const bullets = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
