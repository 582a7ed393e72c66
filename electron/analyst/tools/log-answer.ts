import { z } from 'zod';
import type { LogLine } from '../../connectors/inspection.ts';
import { groupByTemplate } from '../log-templates/log-templates.ts';
import { iso } from './time-span.ts';

const MOST_TEMPLATES = 25;
const MOST_LINES = 20;
const MOST_CHARACTERS = 400;

const text = z.string();

/** What a log comes to: its lines by template, what is new since the onset first, and the newest lines as they stand. */
export const LogAnswer = {
  total: z.number(),
  /** There were more than could be read: counts are of the newest part. */
  cut: z.boolean(),
  templates: z.array(
    z.object({
      template: text,
      count: z.number(),
      beforeOnset: z.number(),
      sinceOnset: z.number(),
      first: z.iso.datetime(),
      last: z.iso.datetime(),
      sample: text,
    }),
  ),
  omittedTemplates: z.number(),
  lines: z.array(z.object({ at: z.iso.datetime(), pod: text.nullable(), text })),
};

/** Fields of it that hold what a process, and through it anybody who sends it requests, has written. */
export const logOutsiders: readonly string[] = ['templates.*.template', 'templates.*.sample', 'lines.*.text'];

type PodLine = LogLine & { pod: string | null };

/** Without an onset everything counts as since. */
export async function logAnswer(
  lines: readonly PodLine[],
  { cut, onsetMs }: { cut: boolean; onsetMs: number | null },
  signal: AbortSignal,
) {
  const splitMs = onsetMs ?? Number.NEGATIVE_INFINITY;
  const { groups, ungrouped } = await groupByTemplate(lines, splitMs, signal);
  const templates = groups.map(({ template, count, before, firstMs, lastMs, sample }) => ({
    template: short(template),
    count,
    beforeOnset: before,
    sinceOnset: count - before,
    first: iso(firstMs),
    last: iso(lastMs),
    sample: short(sample),
  }));
  const isNew = ({ beforeOnset, sinceOnset }: (typeof templates)[number]) =>
    beforeOnset === 0 && sinceOnset > 0;
  templates.sort((a, b) => Number(isNew(b)) - Number(isNew(a)) || b.count - a.count);
  return {
    total: lines.length,
    cut,
    templates: templates.slice(0, MOST_TEMPLATES),
    omittedTemplates: Math.max(0, templates.length - MOST_TEMPLATES) + ungrouped,
    lines: lines
      .slice(-MOST_LINES)
      .map(({ atMs, pod, text: written }) => ({ at: iso(atMs), pod, text: short(written) })),
  };
}

export function logFound({ total, templates }: Awaited<ReturnType<typeof logAnswer>>): string {
  if (total === 0) return 'no lines';
  const fresh = templates.filter(({ beforeOnset }) => beforeOnset === 0).length;
  return `${total} lines of ${templates.length} kinds, ${fresh} of them new since the onset`;
}

const short = (whole: string) =>
  (whole.length > MOST_CHARACTERS ? `${whole.slice(0, MOST_CHARACTERS)}…` : whole).toWellFormed();
