import { readFileSync } from 'node:fs';
import type { ReplayReport } from '../../shared/vocabulary/model.ts';
import { offlineAnalyst } from '../analyst/offline/offline-analyst.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import { type Adapters, buildParts } from './host-parts.ts';

export type ReplayWish = {
  lastMs: number;
  /** Exact id; the offline analyst by its own. The place and the parameters are those of the settings. */
  model: string;
  promptFile?: string | undefined;
};

/** Plays the runs of a data directory again with another model or prompt in front. Nothing but a model is asked. */
export async function replayFromCli(
  adapters: Omit<Adapters, 'shell'>,
  { lastMs, model, promptFile }: ReplayWish,
  signal: AbortSignal,
  onProgress: (done: number, of: number) => void,
): Promise<ReplayReport> {
  const prompt = promptFile === undefined ? undefined : readPrompt(promptFile);
  const parts = await buildParts({ ...adapters, shell: 'cli' });
  try {
    const { chosen } = parts.model.settings();
    const isOffline = model === offlineAnalyst.id || model === 'offline';
    const fromMs = parts.real.clock.now() - lastMs;
    return await parts.replays.replay(
      { chosen: isOffline ? null : { ...chosen, model }, fromMs, prompt, onProgress },
      signal,
    );
  } finally {
    await parts.close();
  }
}

function readPrompt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure('bad_input', `The prompt ${path} cannot be read: ${messageOf(error)}`, error);
  }
}
