import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { computedTime } from '../../../electron/host/drill-time.ts';
import { buildParts, type HostParts } from '../../../electron/host/host-parts.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { resourcesDir } from '../../../electron/platform/paths.ts';
import type { LabelledCase } from '../../../shared/formats/case.ts';
import type { IncidentId } from '../../../shared/vocabulary/ids.ts';

const BEGINS_MS = Date.parse('2026-03-03T03:00:00Z');
const STEP_MS = 15_000;

/**
 * Plays a scenario of the built-in environment to its alert and returns what the host then ranks, with the answer; again
 * `laterMinutes` on, if told, when the trouble has unfolded further.
 */
export async function scenarioCase(
  scenario: string,
  seed: number,
  { laterMinutes = 0 }: { laterMinutes?: number } = {},
): Promise<LabelledCase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-scenario-'));
  const time = steppedClock(() => {}, BEGINS_MS);
  const parts = await buildParts({
    dataDir,
    resourcesDir: resourcesDir(),
    version: 'bench',
    logger: silentLogger,
    shell: 'cli',
    drillTime: computedTime(time.clock),
  });
  try {
    const incident = await parts.drills.start(scenario, seed);
    await parts.drill.worked(incident.id);
    for (let left = laterMinutes * 60_000; left > 0; left -= STEP_MS) await time.advance(STEP_MS);
    return labelled(parts, incident.id);
  } finally {
    await parts.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function labelled({ drill, drills }: HostParts, incident: IncidentId): LabelledCase {
  const input = drill.ranking.caseOf(incident);
  const truth = drills.truth();
  if (!input || !truth) throw new Error(`nothing was ranked of ${incident}`);
  if (input.metrics.length === 0)
    throw new Error('the metrics could not be read in time; is the machine busy?');
  return {
    ...input,
    truth: {
      changes: truth.changes,
      services: truth.services,
      onset: new Date(truth.beganMs).toISOString(),
    },
  };
}
