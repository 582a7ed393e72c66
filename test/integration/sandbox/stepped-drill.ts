import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { type SteppedClock, steppedClock } from '../../../electron/platform/clock.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { openSandbox, type Sandbox, type Scenario } from '../../../electron/sandbox/sandbox.ts';
import { shippedScenario } from '../../fixtures/shipped-scenarios.ts';

export { scenarioDir } from '../../fixtures/shipped-scenarios.ts';

/** A Monday afternoon, at no whole second. */
export const startMs = Date.parse('2026-03-02T14:07:33.456Z');

export type Reply = { status: number; headers: Record<string, unknown>; text: string; json: () => unknown };
export type Send = (
  method: string,
  path: string,
  options?: { body?: string; headers?: Record<string, string>; token?: string | null },
) => Promise<Reply>;

export type SteppedDrill = { sandbox: Sandbox; time: SteppedClock; kubernetes: Send; prometheus: Send };

export const badDeploy = (): Scenario => shippedScenario('bad-deploy');

/** A drill on a clock that moves only when told to. */
export async function steppedDrill(seed: number, scenario = badDeploy()): Promise<SteppedDrill> {
  const time = steppedClock((error) => {
    throw error;
  }, startMs);
  const sandbox = await openSandbox({ scenario, seed, clock: time.clock, logger: silentLogger });
  return {
    sandbox,
    time,
    kubernetes: sender(sandbox.kubernetes, Buffer.from(sandbox.kubernetes.caData, 'base64')),
    prometheus: sender(sandbox.prometheus),
  };
}

export const sender =
  (server: { url: string; token: string }, ca?: Buffer): Send =>
  (method, path, { body, headers = {}, token = server.token } = {}) =>
    new Promise((resolve, reject) => {
      const authorization: Record<string, string> =
        token === null ? {} : { authorization: `Bearer ${token}` };
      // A connection kept over minutes of drill time, computed at one go, would be closed by the server just as it is used.
      const options = {
        method,
        headers: { ...authorization, ...headers },
        agent: false as const,
        ...(ca ? { ca } : {}),
      };
      const outgoing = (ca ? tlsRequest : plainRequest)(`${server.url}${path}`, options, (incoming) => {
        incoming.setEncoding('utf8');
        let text = '';
        incoming.on('data', (part: string) => {
          text += part;
        });
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text,
            json: () => JSON.parse(text),
          }),
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });

export const jsonType = (type: 'merge-patch' | 'strategic-merge-patch' | 'json-patch') => ({
  'content-type': `application/${type}+json`,
});

type Alerts = { data: { alerts: { state: string; labels: Record<string, string>; activeAt: string }[] } };

/** Services with a firing alert. */
export async function firing({ prometheus }: Pick<SteppedDrill, 'prometheus'>): Promise<string[]> {
  const { data } = (await prometheus('GET', '/api/v1/alerts')).json() as Alerts;
  return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels['service'] ?? '');
}

/** `deploy:<namespace>/<name>@<revision>`, taken apart. */
export function faultOf({ sandbox }: Pick<SteppedDrill, 'sandbox'>): {
  namespace: string;
  name: string;
  revision: number;
} {
  const [, namespace = '', name = '', revision] =
    /^deploy:(.+)\/(.+)@(\d+)$/.exec(sandbox.answer.changes[0] ?? '') ?? [];
  return { namespace, name, revision: Number(revision) };
}

type ReplicaSets = {
  items: {
    metadata: {
      annotations: Record<string, string>;
      labels: Record<string, string>;
      creationTimestamp: string;
    };
    spec: { template: object };
  }[];
};

/** Patches the Deployment to the template of the revision before the bad one, as `kubectl rollout undo` does. */
export async function rollBack(drill: SteppedDrill): Promise<Reply> {
  const { namespace, name, revision } = faultOf(drill);
  const list = await drill.kubernetes(
    'GET',
    `/apis/apps/v1/namespaces/${namespace}/replicasets?labelSelector=app%3D${name}`,
  );
  const previous = (list.json() as ReplicaSets).items
    .filter(({ metadata }) => Number(metadata.annotations['deployment.kubernetes.io/revision']) < revision)
    .sort((one, other) => revisionOf(other) - revisionOf(one))[0];
  if (!previous) throw new Error(`${name} has no revision before ${revision}`);
  const { metadata, ...rest } = previous.spec.template as { metadata: { labels: Record<string, string> } };
  const { 'pod-template-hash': _hash, ...labels } = metadata.labels;
  return drill.kubernetes('PATCH', `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`, {
    headers: jsonType('json-patch'),
    body: JSON.stringify([
      { op: 'replace', path: '/spec/template', value: { ...rest, metadata: { ...metadata, labels } } },
    ]),
  });
}

const revisionOf = ({ metadata }: ReplicaSets['items'][number]) =>
  Number(metadata.annotations['deployment.kubernetes.io/revision']);
