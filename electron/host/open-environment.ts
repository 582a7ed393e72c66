import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scaledClock } from '../platform/clock.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import { silentLogger } from '../platform/logger.ts';
import { openSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { loadScenario } from '../sandbox/scenario/load-scenarios.ts';

type Reached = { url: string; token: string };

/** Where the systems of an open environment are reached, and with what. */
export type OpenEnvironment = {
  scenario: string;
  seed: number;
  /** One kubeconfig an account. */
  kubeconfigs: { operator: string; reader: string; colleague: string };
  kubernetes: string;
  prometheus: Reached;
  alertmanager: Reached;
  loki: Reached;
  unleash: Reached;
};

/**
 * Opens the simulated environment of a scenario by itself, without Countersign in front of it: for kubectl, promtool and
 * curl, or for any other tool that is to be tried. It lives at `speed` times real time until it is closed. Kubeconfigs are
 * written to `folder`, readable by their owner alone.
 *
 * @throws Failure `not_found` for a scenario that is not there, `storage` when the folder cannot be written.
 */
export async function openEnvironment(options: {
  scenariosDir: string;
  scenario: string;
  seed: number;
  speed: number;
  folder: string;
}): Promise<{ environment: OpenEnvironment; close(): Promise<void> }> {
  const { scenariosDir, scenario: name, seed, speed, folder } = options;
  const scenario = loadScenario(scenariosDir, name);
  const time = scaledClock((error) => {
    throw error;
  });
  time.setSpeed(speed);
  const sandbox = await openSandbox({ scenario, seed, clock: time.clock, logger: silentLogger });
  try {
    const { kubernetes, prometheus, alertmanager, loki, unleash } = sandbox;
    const kubeconfigs = {
      operator: write(folder, 'operator', kubernetes, kubernetes.token),
      reader: write(folder, 'reader', kubernetes, kubernetes.readerToken),
      colleague: write(folder, 'colleague', kubernetes, kubernetes.colleagueToken),
    };
    const environment = {
      scenario: name,
      seed,
      kubeconfigs,
      kubernetes: kubernetes.url,
      prometheus,
      alertmanager,
      loki,
      unleash,
    };
    return { environment, close: sandbox.close };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

function write(
  folder: string,
  account: string,
  { url, caData }: Pick<Sandbox['kubernetes'], 'url' | 'caData'>,
  token: string,
): string {
  const file = join(folder, `kubeconfig-${account}.json`);
  const named = 'drill';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: named, cluster: { server: url, 'certificate-authority-data': caData } }],
    users: [{ name: account, user: { token } }],
    contexts: [{ name: named, context: { cluster: named, user: account } }],
    'current-context': named,
  };
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
    // The mode above counts for a new file only.
    chmodSync(file, 0o600);
  } catch (error) {
    throw new Failure('storage', `The kubeconfig ${file} cannot be written: ${messageOf(error)}`, error);
  }
  return file;
}
