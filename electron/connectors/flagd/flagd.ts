import type { Clock } from '../../platform/clock.ts';
import { Failure, messageOf } from '../../platform/failure.ts';
import { bounded } from '../bounded.ts';
import type { FlagInspector } from '../inspection.ts';
import { shownFlagValue } from '../shown-flag-value.ts';
import type { Connector } from '../source.ts';
import { description } from './description.ts';
import { flagFields } from './flag-fields.ts';
import { flagFile } from './flag-file.ts';

export type FlagdOptions = {
  id: string;
  name: string;
  /** Of a definition in JSON or YAML, as flagd takes it. */
  path: string;
  environment?: string | undefined;
  clock?: Pick<Clock, 'now'>;
  /** How often the file is looked at. */
  everyMs?: number;
};

const MOST_FIELDS = 40;
const MOST_CHARACTERS = 500;

/** Feature flags in a file of OpenFeature's flagd: each edit is a change. It only reads. */
export function flagd({
  id,
  name,
  path,
  environment = 'production',
  clock,
  everyMs,
}: FlagdOptions): Connector {
  const now = () => clock?.now() ?? Date.now();
  const file = flagFile({
    path,
    place: { project: name, environment, source: name },
    now,
    ...(everyMs === undefined ? {} : { every: everyMs }),
  });

  /** A file is of one project and one environment, whatever those who ask call it. */
  const flagInspector: FlagInspector = {
    async history({ name: flag }, { fromMs, toMs }, signal) {
      const found = await file.history(flag, fromMs, signal);
      return found.filter(({ atMs }) => atMs <= toMs);
    },
    async targeting({ name: flag }) {
      const { flags, evaluators } = await file.current();
      const definition = flags.get(flag);
      if (!definition) throw new Failure('not_found', `There is no flag ${flag} in ${path}.`);
      const fields = [...flagFields(definition, evaluators)]
        .filter(([field]) => field !== 'state')
        .slice(0, MOST_FIELDS)
        .map(([field, value]) => ({
          path: field,
          value: bounded(shownFlagValue(field, value), MOST_CHARACTERS),
        }));
      return {
        enabled: definition.state === 'ENABLED',
        archived: false,
        rules: [{ name: definition.targeting ? 'targeting' : 'everybody', disabled: false, fields }],
      };
    },
  };

  return {
    id,
    kind: 'flagd',
    name,
    describe: () => description,
    changes: file.changes,
    flagInspector,
    async test() {
      const startedMs = performance.now();
      try {
        const { flags, setId } = await file.current();
        return {
          ok: true,
          sentence: `${path} can be read${setId === null ? '' : ` and is the flag set ${bounded(setId, 80)}`}.`,
          version: null,
          latencyMs: Math.round(performance.now() - startedMs),
          sees: [`${flags.size} ${flags.size === 1 ? 'flag' : 'flags'}`, `counted as ${environment}`],
        };
      } catch (error) {
        return { ok: false, sentence: messageOf(error), version: null, latencyMs: null, sees: [] };
      }
    },
  };
}
