import type { Database } from 'better-sqlite3';
import type { z } from 'zod';

/** Named settings, each JSON of a schema that the caller names; what no longer fits its schema is as good as unset. */
export function settingRepository(db: Database) {
  const select = db.prepare('SELECT body FROM setting WHERE name = ?').pluck();
  const upsert = db.prepare(
    'INSERT INTO setting (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body',
  );
  const erase = db.prepare('DELETE FROM setting WHERE name = ?');

  return {
    get<S extends z.ZodType>(name: string, schema: S): z.output<S> | undefined {
      const body = select.get(name);
      return body === undefined ? undefined : schema.safeParse(JSON.parse(String(body))).data;
    },
    put: (name: string, value: unknown) => void upsert.run(name, JSON.stringify(value)),
    remove: (name: string) => void erase.run(name),
  };
}

export type SettingRepository = ReturnType<typeof settingRepository>;
