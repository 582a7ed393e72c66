import type { ChangeObservation, FieldDiff } from '../../../shared/vocabulary/event.ts';
import { boundedKey } from '../../platform/bounded-key.ts';
import { bounded } from '../bounded.ts';
import { changedFields } from '../changed-fields.ts';
import type { Raw } from '../delivered.ts';
import { serviceOfFlag } from '../service-of-flag.ts';
import { sentFlag } from '../shown-flag-value.ts';
import type { Definition, FlagDefinition } from './definition.ts';
import { flagFields, sharedRules } from './flag-fields.ts';

export type FlagPlace = { project: string; environment: string; source: string };
/** One edit of the file: when it was made, by whom if that is known, and a name that it alone has. */
export type Edit = { atMs: number; by: string | null; id: string };
export type FlagChange = {
  flag: string;
  words: string;
  diff: FieldDiff[];
  definition: FlagDefinition;
  /** The flag before and after, as it stands in the file, with the shared rules that it refers to. */
  raw: Raw | null;
};
export type FlagFact = ChangeObservation & Pick<FlagChange, 'raw'>;

const NONE: ReadonlyMap<string, string> = new Map();

/** What became of each flag between two versions of a file. */
export function changesBetween(before: Definition, after: Definition): FlagChange[] {
  const names = new Set([...before.flags.keys(), ...after.flags.keys()]);
  return [...names].flatMap((flag): FlagChange[] => {
    const [was, is] = [before.flags.get(flag), after.flags.get(flag)];
    const definition = is ?? was;
    if (!definition) return [];
    const diff = changedFields(
      was ? flagFields(was, before.evaluators) : NONE,
      is ? flagFields(is, after.evaluators) : NONE,
    );
    if (diff.length === 0) return [];
    const raw = () =>
      JSON.stringify({ flag, before: sent(was, before.evaluators), after: sent(is, after.evaluators) });
    return [{ flag, definition, diff, words: wordsOf(was, is, diff), raw }];
  });
}

function sent(definition: FlagDefinition | undefined, evaluators: Definition['evaluators']): object | null {
  if (definition === undefined) return null;
  // `key` is how a list names its flags, and no secret.
  const { key: _name, ...rest } = definition;
  const rules = sharedRules(definition, evaluators);
  const parts = { definition: rest, ...(rules.length > 0 ? { $evaluators: Object.fromEntries(rules) } : {}) };
  return sentFlag(parts) as typeof parts;
}

function wordsOf(
  was: FlagDefinition | undefined,
  is: FlagDefinition | undefined,
  diff: readonly FieldDiff[],
): string {
  if (!was) return `added, ${onOff(is)}`;
  if (!is) return 'removed, callers get what their code says';
  if (was.state !== is.state) return `${onOff(was)} → ${onOff(is)}`;
  const [only, ...more] = diff;
  if (only && more.length === 0 && only.path === 'default variant')
    return `default variant: ${only.before} → ${only.after}`;
  return `changed (${diff.map(({ path }) => path).join(', ')})`;
}

const onOff = (flag: FlagDefinition | undefined) => (flag?.state === 'ENABLED' ? 'on' : 'off');

export function observationOf(
  { flag, words, diff, definition, raw }: FlagChange,
  edit: Edit,
  { project, environment, source }: FlagPlace,
): FlagFact {
  const service = definition.metadata?.['service'];
  return {
    key: boundedKey(`flag:${project}/${flag}@${edit.id}`),
    kind: 'change',
    change: 'flag',
    atMs: edit.atMs,
    service: serviceOfFlag(flag, service === undefined ? [] : [`service:${service}`]),
    title: bounded(`Flag ${flag} in ${environment}: ${words}`, 500),
    ...(edit.by === null ? {} : { actor: bounded(edit.by, 200) }),
    source,
    labels: { flag, project, environment },
    diff,
    raw,
  };
}
