import { claudeClient } from '../../../electron/analyst/claude/claude-client.ts';
import type { ModelClient } from '../../../electron/analyst/model-client.ts';
import { ChosenModel } from '../../../shared/vocabulary/model.ts';

/**
 * Clients by the word of `--client`. `offline` is none: then the host takes the offline analyst by itself. `claude` is a model
 * behind the Messages API; which one, where, and its key are taken from the environment, for whoever runs it pays for it.
 */
export const clients: Readonly<Record<string, (() => ModelClient) | undefined>> = {
  offline: undefined,
  claude: () => {
    const chosen = ChosenModel.parse(JSON.parse(demand('COUNTERSIGN_BENCH_MODEL')));
    return claudeClient({ chosen, key: demand('COUNTERSIGN_BENCH_KEY'), sent: () => {} });
  },
};

function demand(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} must be set for this client; docs/analyst.md says to what`);
  return value;
}
