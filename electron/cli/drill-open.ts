import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { ownScenarios } from '../host/list-scenarios.ts';
import { type OpenEnvironment, openEnvironment } from '../host/open-environment.ts';
import { resourcesDir } from '../platform/paths.ts';
import { json, out } from './output.ts';
import { wholeNumber } from './whole-number.ts';

type Options = { seed: number; speed: number; scenarios?: string; out?: string; json?: boolean };

/** `drill open`: the simulated environment by itself, for kubectl, promtool, curl and whatever else is to be tried. */
export function openCommand(drill: Command): void {
  drill
    .command('open')
    .description("opens a drill's environment for kubectl, promtool and curl, until it is interrupted")
    .argument('<scenario>')
    .option('--seed <n>', 'the same seed gives the same drill', wholeNumber, 1)
    .option('--speed <n>', 'how many times real time it lives', speedOf, 1)
    .option('--scenarios <folder>', 'where it lies, when not among those of Countersign')
    .option('--out <folder>', 'where kubeconfigs are written, when not to a temporary folder')
    .option('--json', 'one JSON document on standard output')
    .action(async (scenario: string, options: Options) => {
      const own = options.out === undefined ? mkdtempSync(join(tmpdir(), 'countersign-drill-')) : null;
      try {
        const { environment, close } = await openEnvironment({
          scenario,
          seed: options.seed,
          speed: options.speed,
          scenariosDir:
            options.scenarios === undefined ? ownScenarios(resourcesDir()) : resolve(options.scenarios),
          folder: own ?? resolve(options.out ?? ''),
        });
        if (options.json) json(environment);
        else tell(environment);
        await interrupted();
        await close();
      } finally {
        if (own) rmSync(own, { recursive: true, force: true });
      }
    });
}

function speedOf(text: string): number {
  const speed = Number(text);
  if (text.trim() === '' || !(speed > 0 && speed <= 100))
    throw new InvalidArgumentError('a number above 0, up to 100');
  return speed;
}

const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });

function tell({ scenario, seed, kubeconfigs, ...systems }: OpenEnvironment): void {
  out(`${scenario}, seed ${seed}, is open. Interrupt to close it (Ctrl-C).`);
  out('');
  out(`export KUBECONFIG=${kubeconfigs.operator}`);
  out(`# with other rights: ${kubeconfigs.reader}, ${kubeconfigs.colleague}`);
  for (const name of ['prometheus', 'alertmanager', 'loki'] as const) {
    const { url, token } = systems[name];
    out(`curl -H 'Authorization: Bearer ${token}' ${url}/${examples[name]}`);
  }
  const { url, token } = systems.unleash;
  out(`curl -H 'Authorization: ${token}' ${url}/${examples.unleash}`);
}

const examples = {
  prometheus: 'api/v1/alerts',
  alertmanager: 'api/v2/alerts',
  loki: 'loki/api/v1/labels',
  unleash: 'api/admin/projects/default/features',
};
