import { Failure } from '../../platform/failure.ts';
import type { FlagHistoryEntry, FlagInspector } from '../inspection.ts';
import { shownFlagValue } from '../shown-flag-value.ts';
import { configIn, type LaunchDarklyApi } from './api.ts';
import { detailed, entriesAfter } from './audit-log.ts';
import { flagFields } from './flag-fields.ts';
import { actorOf, placesOf, whatHappened } from './flag-observations.ts';
import { coverage, type FlagScope } from './flag-scope.ts';

const MOST_HISTORY = 40;
const MOST_FIELDS = 40;
const RULE = /^rule /;

/** What was done to a flag, and who gets it now, as LaunchDarkly tells it. It only reads, and only inside the scope. */
export function flagInspector(api: LaunchDarklyApi, scope: FlagScope): FlagInspector {
  const covers = coverage(scope, []);

  function refuseOutside(place: { project: string; environment: string }): void {
    if (covers(place)) return;
    throw new Failure(
      'refused',
      `The connection to LaunchDarkly does not read ${place.environment} of ${place.project}.`,
    );
  }

  return {
    async history({ project, name }, { fromMs, toMs }, signal) {
      if (scope.projects.length > 0 && !scope.projects.includes(project)) return [];
      const spec = `proj/${project}:env/*:flag/${name}`;
      const entries = await entriesAfter(api, { afterMs: fromMs, beforeMs: toMs + 1, spec }, signal);
      const ours = entries
        .map((entry) => ({
          entry,
          places: placesOf(entry).filter(
            (place) => place.flag === name && place.project === project && covers(place),
          ),
        }))
        .filter(({ places }) => places.length > 0)
        .sort((a, b) => b.entry.date - a.entry.date)
        .slice(0, MOST_HISTORY);
      const told = await Promise.all(
        ours.map(async ({ entry, places }) => {
          const detail = await detailed(api, entry, signal);
          return places.flatMap((place): FlagHistoryEntry[] => {
            const said = whatHappened(detail, place);
            if (!said) return [];
            const { words: what, diff } = said;
            return [{ atMs: entry.date, environment: place.environment, actor: actorOf(entry), what, diff }];
          });
        }),
      );
      return told.flat();
    },

    async targeting({ project, namespace: environment, name }, signal) {
      refuseOutside({ project, environment });
      const flag = await api.flag({ project, flag: name, environment }, signal);
      const config = configIn(flag, environment);
      if (!config)
        throw new Failure('not_found', `The flag ${name} is not in the environment ${environment}`);
      const fields = [...flagFields(flag, config)].filter(([path]) => path !== 'on' && path !== 'archived');
      const rules = fields
        .filter(([path]) => RULE.test(path))
        .map(([path, value], index) => ({
          name: path.replace(RULE, ''),
          disabled: config.rules[index]?.disabled === true,
          fields: [{ path: 'serves', value }],
        }));
      const rest = fields
        .filter(([path]) => !RULE.test(path))
        .slice(0, MOST_FIELDS)
        .map(([path, value]) => ({ path, value: shownFlagValue(path, value) }));
      return {
        enabled: config.on,
        archived: flag.archived === true || config.archived === true,
        rules: [...rules.slice(0, MOST_FIELDS), { name: 'everybody else', disabled: false, fields: rest }],
      };
    },
  };
}
