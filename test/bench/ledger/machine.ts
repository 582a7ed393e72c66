import { statfsSync } from 'node:fs';
import { arch, cpus, release } from 'node:os';
import SqliteDatabase from 'better-sqlite3';

/** What the numbers were measured on. */
export function machine(folder: string): Record<string, string> {
  const db = new SqliteDatabase(':memory:');
  const sqlite = String(db.prepare('SELECT sqlite_version()').pluck().get());
  db.close();
  const processors = cpus();
  return {
    cpu: `${processors[0]?.model.trim() ?? 'unknown'} (${processors.length} cores)`,
    system: `${process.platform} ${release()} ${arch()}`,
    node: process.version,
    sqlite,
    filesystem: `${fileSystem(folder)} at ${folder}`,
  };
}

/** Names by their magic numbers, from statfs(2). */
const NAMES: Readonly<Record<number, string>> = {
  61267: 'ext4',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  16914836: 'tmpfs (in memory: a sync costs nothing here)',
  2035054128: 'overlayfs',
  26: 'apfs',
};

function fileSystem(folder: string): string {
  const { type } = statfsSync(folder);
  return NAMES[type] ?? `of type 0x${type.toString(16)}`;
}
