import { resolve } from 'node:path';
import { z } from 'zod';
import type { Connection } from '../../shared/vocabulary/connection.ts';
import { NewFolder } from '../../shared/vocabulary/folder-connection.ts';
import { ConnectionId } from '../../shared/vocabulary/ids.ts';
import { type FilePlace, FilePlaces } from '../connectors/receiver/file-place.ts';
import type { settingRepository } from '../store/setting-repository.ts';

/** A folder as connections.yaml names it: by its whole path, or from the data directory. */
export const FolderInFile = NewFolder.extend({ folder: z.string().min(1).max(4_000) });

export const folderIn = (dataDir: string, { folder, ...given }: z.infer<typeof FolderInFile>): NewFolder => ({
  ...given,
  folder: resolve(dataDir, folder),
});

/** What is stored and shown of a watched folder: all of it, for nothing of it is a secret. */
export const shownFolder = (
  { kind, name, folder }: NewFolder,
  id: string,
  from: Connection['from'],
): Connection => ({ id: ConnectionId.parse(id), kind, name, url: folder, auth: 'none', from });

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
