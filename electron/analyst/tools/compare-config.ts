import { z } from 'zod';
import { type ChangeEvent, FieldDiff } from '../../../shared/vocabulary/event.ts';
import { ObjectTarget } from '../../../shared/vocabulary/proposal.ts';
import { Failure } from '../../platform/failure.ts';
import { shownUnder } from '../../platform/hide-secrets.ts';
import { pickConnection } from './pick-connection.ts';
import { readTool } from './read-tool.ts';
import { iso } from './time-span.ts';

const MOST_FIELDS = 60;
const MOST_CHARACTERS = 500;
const Instant = z.iso.datetime({ offset: true });

export const compareConfig = readTool({
  name: 'compare_config',
  purpose:
    'Compare a ConfigMap at two points in time (`to` is now where it is left out): what stands there now, with the changes on the timeline undone back to each point.',
  source: 'Kubernetes and the timeline',
  outsider: ['diff.*.before', 'diff.*.after'],
  input: z.strictObject({
    namespace: ObjectTarget.shape.namespace,
    name: ObjectTarget.shape.name,
    from: Instant,
    to: Instant.optional(),
    connection: z.string().optional(),
  }),
  output: z.object({
    connection: z.string(),
    namespace: z.string(),
    name: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    diff: z.array(FieldDiff),
    /** Keys of the changes that the answer rests on: what is not on the timeline was not undone. */
    changes: z.array(z.string()),
    omitted: z.number(),
  }),
  async run({ namespace, name, from, to, connection }, { systems, events, window }, signal) {
    const { id, reader } = pickConnection('ConfigMaps', systems.clusters(), connection);
    const [fromMs, toMs] = [Date.parse(from), to === undefined ? window.toMs : Date.parse(to)];
    if (fromMs >= toMs) throw new Failure('bad_input', 'from must lie before to');
    const { data } = await reader.configMap({ namespace, name }, signal);
    const edits = events().filter(
      (event): event is ChangeEvent =>
        event.kind === 'change' &&
        event.labels?.['object'] === `ConfigMap/${name}` &&
        event.labels['namespace'] === namespace &&
        event.atMs > fromMs,
    );
    const [then, later] = [configAt(data, edits, fromMs), configAt(data, edits, toMs)];
    const diff = differences(then, later);
    return {
      connection: id,
      namespace,
      name,
      from: iso(fromMs),
      to: iso(toMs),
      diff: diff.slice(0, MOST_FIELDS),
      changes: edits.filter(({ atMs }) => atMs <= toMs).map(({ key }) => key),
      omitted: Math.max(0, diff.length - MOST_FIELDS),
    };
  },
  found: ({ diff, omitted, changes }) =>
    diff.length === 0
      ? 'nothing differs as far as the timeline tells'
      : `${diff.length + omitted} keys differ by ${changes.length} changes: ${diff
          .slice(0, 4)
          .map(({ path }) => path)
          .join(', ')}`,
});

/** The content at a time: what stands there now, with each later edit taken back, the newest first. */
export function configAt(
  now: Readonly<Record<string, string>>,
  edits: readonly Pick<ChangeEvent, 'atMs' | 'diff'>[],
  atMs: number,
): Map<string, string> {
  const content = new Map(Object.entries(now));
  for (const edit of edits.filter((one) => one.atMs > atMs).toSorted((a, b) => b.atMs - a.atMs)) {
    for (const { path, before } of edit.diff ?? []) {
      if (before === null) content.delete(path);
      else content.set(path, before);
    }
  }
  return content;
}

function differences(then: ReadonlyMap<string, string>, later: ReadonlyMap<string, string>): FieldDiff[] {
  return [...new Set([...then.keys(), ...later.keys()])].sort().flatMap((path) => {
    const [before, after] = [then.get(path) ?? null, later.get(path) ?? null];
    return before === after ? [] : [{ path, before: shown(path, before), after: shown(path, after) }];
  });
}

function shown(path: string, value: string | null): string | null {
  if (value === null) return null;
  const told = shownUnder(path, value);
  return told.length > MOST_CHARACTERS ? `${told.slice(0, MOST_CHARACTERS)}…`.toWellFormed() : told;
}
