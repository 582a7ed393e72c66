import type { ModelClient } from '../../../electron/analyst/model-client.ts';
import { offlineAnalyst } from '../../../electron/analyst/offline/offline-analyst.ts';

/** Clients by the word of `--client`. What a paid one needs is taken from the environment, and asked for by name. */
export const clients: Readonly<Record<string, () => ModelClient>> = {
  offline: () => offlineAnalyst,
};
