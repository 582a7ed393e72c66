import { resolve } from 'node:path';
import { z } from 'zod';
import { type Connection, NewConnection } from '../../shared/vocabulary/connection.ts';
import type { ConnectionId } from '../../shared/vocabulary/ids.ts';
import { type FilePlace, FilePlaces } from '../connectors/receiver/file-place.ts';
import type { settingRepository } from '../store/setting-repository.ts';

/** A folder into whose files others write changes; connections.yaml alone names it. */
export const NewFolder = z.strictObject({
  kind: z.literal('folder'),
  name: NewConnection.shape.name,
  /** Absolute, or from the data directory. */
  folder: z.string().min(1).max(4_000),
});
export type NewFolder = z.infer<typeof NewFolder>;

export function folderConnection(
  given: NewFolder,
  id: ConnectionId,
  dataDir: string,
): { connection: Connection; given: NewFolder } {
  const { kind, name } = given;
  const folder = resolve(dataDir, given.folder);
  return {
    connection: { id, kind, name, url: folder, auth: 'none', from: 'file' },
    given: { kind, name, folder },
  };
}

/** How far the files of each folder were read. */
export const placesIn =
  (settings: ReturnType<typeof settingRepository>) =>
  (connection: string): { read(): FilePlace[]; write(places: readonly FilePlace[]): void } => {
    const name = `folder-places/${connection}`;
    return {
      read: () => settings.get(name, FilePlaces) ?? [],
      write: (places) => settings.put(name, places),
    };
  };
