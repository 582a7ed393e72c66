import { z } from 'zod';
import type { Likeness, RememberedIncident } from '../../../shared/vocabulary/memory.ts';
import { readTool } from './read-tool.ts';

const MOST_TERMS = 8;

const Past = z.object({
  incident: z.string(),
  title: z.string(),
  closed: z.iso.datetime(),
  /** 0 to 1; null for one that was found by its words. */
  similarity: z.number().nullable(),
  alike: z.array(z.string()),
  onlyNow: z.array(z.string()),
  onlyThen: z.array(z.string()),
  /** As a person confirmed it; null while nobody has. */
  cause: z.string().nullable(),
  helped: z.string(),
  didNotHelp: z.string(),
  tried: z.array(z.object({ title: z.string(), outcome: z.string() })),
});

export const pastIncidents = readTool({
  name: 'past_incidents',
  purpose:
    'List remembered incidents most like this one, with what is alike and what is not, or those that hold the words of text.',
  source: 'what is remembered of past incidents',
  outsider: [
    'incidents.*.title',
    'incidents.*.alike',
    'incidents.*.onlyNow',
    'incidents.*.onlyThen',
    'incidents.*.cause',
    'incidents.*.helped',
    'incidents.*.didNotHelp',
    'incidents.*.tried',
  ],
  input: z.strictObject({
    text: z.string().min(1).max(300).optional(),
    limit: z.number().int().min(1).max(10),
  }),
  output: z.object({ remembered: z.number(), incidents: z.array(Past), omitted: z.number() }),
  async run({ text, limit }, { past }) {
    const { remembered, similar } = past.about();
    const found =
      text === undefined
        ? similar.map((one) => ({ ...facts(one), similarity: one.similarity, ...terms(one.likeness) }))
        : past.search(text).map((one) => ({ ...facts(one), similarity: null, ...terms([]) }));
    return { remembered, incidents: found.slice(0, limit), omitted: Math.max(0, found.length - limit) };
  },
  // Made of what sources once wrote, and of what was concluded elsewhere: it says nothing of what runs now.
  isObserved: () => false,
  found: ({ remembered, incidents: [nearest] }) =>
    nearest
      ? `${nearest.title}${nearest.similarity === null ? '' : `, ${Math.round(nearest.similarity * 100)} % alike`}, of ${remembered} remembered`
      : `nothing like it among ${remembered} remembered`,
});

const facts = ({
  incident,
  title,
  closedMs,
  confirmed,
  tried,
}: Pick<RememberedIncident, 'incident' | 'title' | 'closedMs' | 'confirmed' | 'tried'>) => ({
  incident,
  title,
  closed: new Date(closedMs).toISOString(),
  cause: confirmed?.inWords ?? null,
  helped: confirmed?.helped ?? '',
  didNotHelp: confirmed?.didNotHelp ?? '',
  tried,
});

const terms = (likeness: readonly Likeness[]) => ({
  alike: likeness.flatMap(({ alike }) => alike.slice(0, MOST_TERMS)),
  onlyNow: likeness.flatMap(({ onlyNow }) => onlyNow.slice(0, MOST_TERMS)),
  onlyThen: likeness.flatMap(({ onlyThen }) => onlyThen.slice(0, MOST_TERMS)),
});
