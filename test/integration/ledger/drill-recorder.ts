/**
 * Plays drills in the data directory it is given, and says the place of each entry on standard output once the host was
 * told that it is on disk.
 */
import { writeSync } from 'node:fs';
import { runDrill } from '../../../electron/host/run-drill.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';

const [dataDir = '', ...seeds] = process.argv.slice(2);
for (const seed of seeds) {
  await runDrill(
    { dataDir, resourcesDir: 'resources', version: 'test', logger: silentLogger },
    { scenario: 'bad-deploy', seed: Number(seed), approve: 'first' },
    (entries) => void writeSync(1, `${entries.at(-1)?.seq}\n`),
  );
}
