import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import { PlaceMemory } from './window-place.ts';

export type PlaceFile = { read(): PlaceMemory; write(memory: PlaceMemory): void };

/**
 * Where windows stood, in a file. A convenience: whatever is wrong with the file costs the remembered place and nothing
 * else, so it is logged and the window opens as if it were the first.
 */
export function placeFile(path: string, logger: Logger): PlaceFile {
  return {
    read() {
      try {
        return PlaceMemory.parse(JSON.parse(readFileSync(path, 'utf8')));
      } catch (error) {
        const isFirst = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        if (!isFirst)
          logger.warn({ path, error: messageOf(error) }, 'the place of the window cannot be read');
        return [];
      }
    },
    write(memory) {
      try {
        mkdirSync(dirname(path), { recursive: true });
        // Renamed into place, so that a crash leaves the old file or the new one.
        writeFileSync(`${path}.new`, JSON.stringify(memory), { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch (error) {
        logger.warn({ path, error: messageOf(error) }, 'the place of the window cannot be written');
      }
    },
  };
}
