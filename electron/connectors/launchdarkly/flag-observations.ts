import type { ChangeObservation, FieldDiff } from '../../../shared/vocabulary/event.ts';
import { boundedKey } from '../../platform/bounded-key.ts';
import { bounded } from '../bounded.ts';
import { changedFields } from '../changed-fields.ts';
import { serviceOfFlag } from '../service-of-flag.ts';
import { type AuditDetail, type AuditEntry, configIn, type Flag } from './api.ts';
import { flagFields } from './flag-fields.ts';
import { sentEntry } from './sent-entry.ts';

/** Where a change was made, out of a resource specifier such as `proj/default:env/production:flag/new-cart;tag`. */
export type FlagPlace = { project: string; environment: string; flag: string };

const SPECIFIER = /^proj\/([^:;/]+)(?:;[^:]*)?:env\/([^:;/]+)(?:;[^:]*)?:flag\/([^:;/]+)/;

/** The places that an entry is about, each once; an entry of a flag names every environment that it touched. */
export function placesOf({ kind, accesses }: Pick<AuditEntry, 'kind' | 'accesses'>): FlagPlace[] {
  if (kind !== 'flag') return [];
  const places = new Map<string, FlagPlace>();
  for (const { resource } of accesses) {
    const [, project, environment, flag] = SPECIFIER.exec(resource ?? '') ?? [];
    if (project && environment && flag)
      places.set(`${project} ${environment} ${flag}`, { project, environment, flag });
  }
  return [...places.values()];
}

/** What is told of an entry in one environment: null where it decides nothing about who gets the flag. */
export function whatHappened(
  entry: AuditDetail,
  place: FlagPlace,
): { words: string; diff: FieldDiff[] } | null {
  const { previousVersion, currentVersion } = entry;
  const before = fieldsIn(previousVersion, place);
  const after = fieldsIn(currentVersion, place);
  const isMade = acts(entry, /^(create|clone)Flag$/);
  const isDeleted = acts(entry, /^deleteFlag$/);
  if (isDeleted) return { words: 'deleted, callers get what their code says', diff: [] };
  if (isMade) return { words: `created, ${after?.get('on') === 'true' ? 'on' : 'off'}`, diff: [] };
  if (!before || !after) return acts(entry, DECIDES) ? { words: plainWords(entry), diff: [] } : null;
  const diff = changedFields(before, after);
  const [first] = diff;
  if (!first) return null;
  return { words: wordsOf(first, diff), diff };
}

/** Actions that decide who gets a flag (https://launchdarkly.com/docs/home/account/roles/role-actions). */
const DECIDES =
  /^(updateOn|updateFallthrough|updateRules|updateTargets|updateOffVariation|updatePrerequisites|updateFlagVariations|updateGlobalArchived|copyFlagConfigTo|updateFallthroughWithMeasuredRollout|updateRulesWithMeasuredRollout)$/;

const acts = ({ accesses }: Pick<AuditEntry, 'accesses'>, pattern: RegExp): boolean =>
  accesses.some(({ action }) => pattern.test(action ?? ''));

function wordsOf(first: FieldDiff, diff: readonly FieldDiff[]): string {
  if (diff.length > 1 && first.path !== 'on') return `changed (${diff.map(({ path }) => path).join(', ')})`;
  if (first.path === 'on') return first.after === 'true' ? 'off → on' : 'on → off';
  return `${first.path}: ${first.before ?? 'none'} → ${first.after ?? 'none'}`;
}

const plainWords = ({ titleVerb }: AuditEntry): string => titleVerb || 'changed';

const fieldsIn = (flag: Flag | null | undefined, { environment }: FlagPlace) => {
  const config = flag && configIn(flag, environment);
  return config ? flagFields(flag, config) : null;
};

/** With the entry as it was sent. */
export type FlagFact = ChangeObservation & { raw: () => string };

export function flagObservation(entry: AuditDetail, place: FlagPlace, source: string): FlagFact | null {
  const said = whatHappened(entry, place);
  if (!said) return null;
  const { project, environment, flag } = place;
  const actor = actorOf(entry);
  return {
    key: boundedKey(`flag:${project}/${flag}@${entry._id}:${environment}`),
    kind: 'change',
    change: 'flag',
    atMs: entry.date,
    service: serviceOfFlag(flag, entry.currentVersion?.tags ?? entry.previousVersion?.tags ?? []),
    title: bounded(`Flag ${flag} in ${environment}: ${said.words}`, 500),
    ...(actor === null ? {} : { actor }),
    source,
    labels: { flag, project, environment },
    ...(said.diff.length > 0 ? { diff: said.diff } : {}),
    raw: () => sentEntry(entry, place),
  };
}

/** The person, else the token or the application that acted for nobody in particular. */
export function actorOf({ member, token, app }: AuditEntry): string | null {
  const name = [member?.firstName, member?.lastName].filter(Boolean).join(' ');
  const program = token?.name ? `token ${token.name}` : app?.name ? `application ${app.name}` : null;
  const actor = name || member?.email || program;
  return actor ? bounded(actor, 200) : null;
}
