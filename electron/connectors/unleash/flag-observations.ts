import type { ChangeObservation, FieldDiff } from '../../../shared/vocabulary/event.ts';
import { boundedKey } from '../../platform/bounded-key.ts';
import { ownMember } from '../../platform/own-member.ts';
import { bounded } from '../bounded.ts';
import { sentFlag } from '../shown-flag-value.ts';
import type { FlagEvent, Strategy } from './api.ts';
import { percentOf, serviceOf } from './flag-state.ts';

/** With the event as it was sent. */
export type FlagFact = ChangeObservation & { raw: () => string };

/**
 * What one event of Unleash tells, where it decides who gets a flag in production: on and off, strategies, the end of a
 * flag. The rest (descriptions, tags, projects) is nobody's evidence.
 */
export function flagObservationOf(
  event: FlagEvent,
  { source, isProduction }: { source: string; isProduction: (environment: string) => boolean },
): FlagFact | null {
  const { featureName: flag, project, environment } = event;
  if (!flag || !project) return null;
  const said = whatHappened(event);
  if (!said || (environment ? !isProduction(environment) : !said.everywhere)) return null;
  const { diff, words } = said;
  return {
    key: boundedKey(`flag:${project}/${flag}@${event.id}`),
    kind: 'change',
    change: 'flag',
    atMs: Date.parse(event.createdAt),
    service: serviceOf(flag, event.tags ?? []),
    title: bounded(`Flag ${flag}${environment ? ` in ${environment}` : ''}: ${words}`, 500),
    ...(event.createdBy ? { actor: bounded(event.createdBy, 200) } : {}),
    source,
    labels: { flag, project, ...(environment ? { environment } : {}) },
    ...(diff.length > 0 ? { diff } : {}),
    raw: () => JSON.stringify({ ...event, data: sentFlag(event.data), preData: sentFlag(event.preData) }),
  };
}

type Said = { words: string; diff: FieldDiff[]; everywhere?: boolean };

function whatHappened({ type, data, preData }: FlagEvent): Said | null {
  switch (type) {
    case 'feature-environment-enabled':
      return { words: 'off → on', diff: [{ path: 'enabled', before: 'false', after: 'true' }] };
    case 'feature-environment-disabled':
      return { words: 'on → off', diff: [{ path: 'enabled', before: 'true', after: 'false' }] };
    case 'feature-strategy-add':
    case 'feature-strategy-update':
    case 'feature-strategy-remove':
      return strategyChange(asStrategy(preData), asStrategy(data));
    case 'feature-archived':
      return { words: 'archived, off for everybody', diff: [], everywhere: true };
    case 'feature-revived':
      return { words: 'revived', diff: [], everywhere: true };
    default:
      return null;
  }
}

type Kept = Pick<Strategy, 'name' | 'parameters'> & Record<string, unknown>;

function strategyChange(before: Kept | null, after: Kept | null): Said {
  const [was, is] = [before && percentOf(before), after && percentOf(after)];
  const diff = differences(before, after);
  const name = after?.name ?? before?.name ?? 'a strategy';
  if (before && after) {
    const words = was !== is ? `${share(was)} → ${share(is)}` : `${name} changed (${pathsOf(diff)})`;
    return { words, diff };
  }
  if (after) return { words: `${name} added${is === null ? '' : ` for ${is} %`}`, diff };
  return { words: `${name} removed${was === null ? '' : `, was ${was} %`}`, diff };
}

const share = (percent: number | null) => (percent === null ? 'no share' : `${percent} %`);
const pathsOf = (diff: readonly FieldDiff[]) => diff.map(({ path }) => path).join(', ') || 'nothing known';

/** Fields that decide who gets a flag. The share first: it is what people look for. */
const fields = ['name', 'disabled', 'constraints', 'segments', 'variants'];

/** Compared as they are, and shown without secrets. */
function differences(before: Kept | null, after: Kept | null): FieldDiff[] {
  const shown = new Map(
    comparedFields(sentFlag(before) as typeof before, sentFlag(after) as typeof after).map((diff) => [
      diff.path,
      { ...diff, before: short(diff.before), after: short(diff.after) },
    ]),
  );
  return comparedFields(before, after)
    .filter((diff) => diff.before !== diff.after)
    .slice(0, 20)
    .flatMap(({ path }) => shown.get(path) ?? []);
}

function comparedFields(before: Kept | null, after: Kept | null): FieldDiff[] {
  const parameters = new Set([
    'rollout',
    ...Object.keys(before?.parameters ?? {}),
    ...Object.keys(after?.parameters ?? {}),
  ]);
  return [
    ...[...parameters].map((name) => ({
      path: name,
      before: ownMember(before?.parameters, name) ?? null,
      after: ownMember(after?.parameters, name) ?? null,
    })),
    ...fields.map((name) => ({ path: name, before: textOf(before?.[name]), after: textOf(after?.[name]) })),
  ];
}

/** Absent, null, false and empty say the same. */
function textOf(value: unknown): string | null {
  if (value === undefined || value === null || value === false) return null;
  if (Array.isArray(value) && value.length === 0) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const short = (text: string | null) => (text === null ? null : bounded(text, 1_000));

function asStrategy(value: unknown): Kept | null {
  if (typeof value !== 'object' || value === null || !('name' in value)) return null;
  if (typeof value.name !== 'string') return null;
  const given = 'parameters' in value ? value.parameters : undefined;
  const parameters = new Map<string, string>();
  if (typeof given === 'object' && given !== null) {
    for (const [name, held] of Object.entries(given)) {
      if (typeof held === 'string' || typeof held === 'number') parameters.set(name, String(held));
    }
  }
  return { ...value, name: value.name, parameters: Object.fromEntries(parameters) };
}
