import type { Event } from '../../shared/vocabulary/event.ts';

/** What a text says, in order: its own lines, and runs of samples, which are shown as such. */
export type DetailPart = { text: string } | { samples: { atMs: number; value: number }[] };

/** A line that the host wrote of one sample: its time in UTC and its number, whole. */
const SAMPLE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|-?Infinity|NaN)$/;

/** Only of what was measured: of all else a line stays as it was told, whatever it looks like. */
export function detailParts(event: Event): DetailPart[] {
  const { detail = '' } = event;
  if (event.kind !== 'signal' || event.sort !== 'metric') return [{ text: detail }];
  const parts: DetailPart[] = [];
  for (const line of detail.split('\n')) {
    const [, at = '', value = ''] = SAMPLE.exec(line) ?? [];
    const last = parts.at(-1);
    const atMs = Date.parse(at);
    if (Number.isNaN(atMs)) {
      if (last && 'text' in last) last.text += `\n${line}`;
      else parts.push({ text: line });
    } else {
      const sample = { atMs, value: Number(value) };
      if (last && 'samples' in last) last.samples.push(sample);
      else parts.push({ samples: [sample] });
    }
  }
  return parts;
}
