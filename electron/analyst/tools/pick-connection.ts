import { Failure } from '../../platform/failure.ts';
import type { Named } from './read-tool.ts';

/**
 * The connection that was asked for by id or name, or the only one there is.
 * @throws Failure `not_found` naming what is connected, so that the next call can say which.
 */
export function pickConnection<Reader>(
  what: string,
  connected: readonly Named<Reader>[],
  wanted: string | undefined,
): Named<Reader> {
  const fitting = connected.filter(
    ({ id, name }) => wanted === undefined || id === wanted || name === wanted,
  );
  const [only, ...others] = fitting;
  if (only && others.length === 0) return only;
  const names = connected.map(({ id, name }) => `${JSON.stringify(name)} (${id})`).join(', ');
  throw new Failure(
    'not_found',
    connected.length === 0
      ? `Nothing is connected that tells of ${what}: connect it in Settings`
      : `Say as connection which of these tells of ${what}: ${names}`,
  );
}
