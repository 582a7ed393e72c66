import { NewCloud } from '../../shared/vocabulary/cloud-connection.ts';
import { type ClusterTest, NewCluster } from '../../shared/vocabulary/cluster-connection.ts';
import {
  type Connection,
  type ConnectionDescription,
  type ConnectionTest,
  type NewConnection,
  RECEIVER_TOKEN,
  RECEIVER_URL,
  receiverPort,
} from '../../shared/vocabulary/connection.ts';
import { ConnectionId } from '../../shared/vocabulary/ids.ts';
import { alertmanager } from '../connectors/alertmanager/alertmanager.ts';
import { cloudWatch } from '../connectors/cloudwatch/cloudwatch.ts';
import { kubernetes } from '../connectors/kubernetes/kubernetes.ts';
import { loki } from '../connectors/loki/loki.ts';
import { prometheus } from '../connectors/prometheus/prometheus.ts';
import { receiver } from '../connectors/receiver/receiver.ts';
import type { Connector } from '../connectors/source.ts';
import { unleash } from '../connectors/unleash/unleash.ts';
import type { Ledger } from '../ledger/log.ts';
import { Failure } from '../platform/failure.ts';
import { authorizationOf } from '../platform/http.ts';
import { randomIds } from '../platform/ids.ts';
import type { ConnectionRepository } from '../store/connection-repository.ts';
import type { SourceDesk } from '../timeline/source-desk.ts';
import type { Vault } from '../vault/vault.ts';
import { shownCloud } from './cloud-connection.ts';
import { givenCluster, shownCluster } from './cluster-connection.ts';
import type { FileConnection, GivenCluster } from './connection-file.ts';
import type { ReadScope } from './read-scope.ts';

const TEST_TIMEOUT_MS = 10_000;

export type ConnectionDesk = ReturnType<typeof connectionDesk>;

/** The real systems a person has connected: described in the store or a file, their secrets in the vault alone. */
export function connectionDesk(ports: {
  repository: ConnectionRepository;
  fromFile: readonly FileConnection[];
  vault: Vault;
  ledger: Ledger;
  sources: SourceDesk;
  /** What connections may read. */
  reads: ReadScope;
  person(): string;
  /** What a credential could do that is not connected yet. */
  look(connector: Connector): Promise<ClusterTest['credential']>;
  /** Told each secret, so that it never reaches a log line. */
  onSecret(secret: string): void;
}) {
  const { repository, fromFile, vault, ledger, sources, reads } = ports;
  const refuses = reads.refusesHost;

  async function add(given: NewConnection): Promise<Connection> {
    return keep(stored(given, randomIds('con')), secretOf(given.auth), given);
  }

  /** How a cluster is reached goes into the vault as a whole: a kubeconfig tells more than its token. */
  async function addCluster(given: NewCluster): Promise<Connection> {
    return keep(shownCluster(given, randomIds('con')), JSON.stringify(given), givenCluster(given));
  }

  /** What it is told lies in the vault too, though it names only who signs in: one place for all of them. */
  const addCloud = (given: NewCloud): Promise<Connection> =>
    keep(shownCloud(given, randomIds('con'), 'settings'), JSON.stringify(given), given);

  async function keep(
    connection: Connection,
    secret: string | null,
    given: NewConnection | GivenCluster | NewCloud,
  ): Promise<Connection> {
    const { id, kind, name, url, auth } = connection;
    // The secret first: a connection without its secret would be broken, a secret without its connection is unused.
    if (secret !== null) vault.put(nameOf(id), secret);
    ledger.record(
      {
        kind: 'connection',
        actor: { kind: 'person', name: ports.person() },
        body: { added: id, system: kind, name, url, auth },
      },
      () => repository.add(connection),
    );
    await sources.attach(connectorOf(id, given));
    return connection;
  }

  function remove(id: ConnectionId): void {
    const connection = find(id);
    if (connection.from === 'file') {
      throw new Failure(
        'refused',
        `“${connection.name}” comes from connections.yaml: remove it there and start again`,
      );
    }
    ledger.record(
      { kind: 'connection', actor: { kind: 'person', name: ports.person() }, body: { removed: id } },
      () => repository.remove(id),
    );
    sources.detach(id);
    if (vault.has(nameOf(id)) && vault.state() === 'unlocked') vault.remove(nameOf(id));
  }

  const list = (): Connection[] => [...repository.all(), ...fromFile.map(({ connection }) => connection)];

  function find(id: string): Connection {
    const connection = list().find((one) => one.id === id);
    if (!connection) throw new Failure('not_found', `There is no connection ${id}`);
    return connection;
  }

  function clusterOf(id: string, { kind: _kind, ...cluster }: GivenCluster): Connector {
    if ('token' in cluster.access) ports.onSecret(cluster.access.token);
    if ('keyData' in cluster.access) ports.onSecret(cluster.access.keyData);
    return kubernetes({ id, ...cluster, refuses, mayRead: reads.namespace });
  }

  function connectorOf(id: string, given: NewConnection | GivenCluster | NewCloud): Connector {
    if (given.kind === 'kubernetes') return clusterOf(id, given);
    if (given.kind === 'cloudwatch') return cloudWatch({ id, ...given, refuses });
    const { kind, name, url, auth } = given;
    const secret = secretOf(auth);
    if (secret !== null) ports.onSecret(secret);
    const authorization = authorizationOf(auth);
    switch (kind) {
      case 'prometheus':
        return prometheus({ id, name, url, authorization, refuses, metricScope: reads.metrics });
      case 'alertmanager':
        return alertmanager({ id, name, url, authorization, refuses });
      case 'loki':
        return loki({
          id,
          name,
          url,
          authorization,
          refuses,
          logScope: reads.logs,
          mayRead: reads.namespace,
        });
      case 'unleash':
        // Its tokens are the whole header, without a scheme before them.
        return unleash({
          id,
          name,
          url,
          authorization: auth.kind === 'bearer' ? auth.token : authorization,
          refuses,
        });
      case 'receiver':
        return receiver({ id, name, ...listeningOf(name, url, auth) });
    }
  }

  /** @throws Failure `locked` while its secret cannot be read. */
  function withSecret(connection: Connection): NewConnection | GivenCluster | NewCloud {
    const file = fromFile.find((one) => one.connection.id === connection.id);
    if (file) return file.given;
    const { kind, name, url } = connection;
    const secret = connection.auth === 'none' ? '' : vault.get(nameOf(connection.id));
    if (secret === undefined)
      throw new Failure('not_found', `The secret of “${name}” is gone: remove it and add it again`);
    if (kind === 'kubernetes') return givenCluster(NewCluster.parse(JSON.parse(secret)));
    if (kind === 'cloudwatch') return NewCloud.parse(JSON.parse(secret));
    if (connection.auth === 'bearer') return { kind, name, url, auth: { kind: 'bearer', token: secret } };
    if (connection.auth === 'basic') {
      return {
        kind,
        name,
        url,
        auth: { kind: 'basic', username: connection.username ?? '', password: secret },
      };
    }
    return { kind, name, url, auth: { kind: 'none' } };
  }

  /** Attaches every known connection whose secret can be read; returns sentences about the others. */
  function attachAll(): string[] {
    return list().flatMap((connection) => {
      if (sources.find(connection.id)) return [];
      try {
        void sources.attach(connectorOf(connection.id, withSecret(connection)));
        return [];
      } catch (error) {
        if (error instanceof Failure) return [`“${connection.name}” is not connected: ${error.message}`];
        throw error;
      }
    });
  }

  const test = (given: NewConnection | GivenCluster | NewCloud): Promise<ConnectionTest> =>
    connectorOf('test', given).test(AbortSignal.timeout(TEST_TIMEOUT_MS));

  /** A cluster is also asked what its credential could do there, before it is connected. */
  async function testCluster(given: NewCluster): Promise<ClusterTest> {
    const connector = connectorOf('test', givenCluster(given));
    const found = await connector.test(AbortSignal.timeout(TEST_TIMEOUT_MS));
    return { test: found, credential: found.version === null ? null : await ports.look(connector) };
  }

  /** @throws Failure `locked` for one that is not attached because its secret cannot be read. */
  function describe(id: string): ConnectionDescription {
    const connection = find(id);
    return (sources.find(id) ?? connectorOf(id, withSecret(connection))).describe();
  }

  return {
    add,
    addCluster,
    addCloud,
    remove,
    list,
    attachAll,
    test,
    testCluster,
    describe,
    testStored: (id: string) => test(withSecret(find(id))),
  };
}

/** A file is not checked as a form is, and without its token a receiver would be open to all. */
function listeningOf(
  name: string,
  url: string,
  auth: NewConnection['auth'],
): { port: number; token: string } {
  const port = receiverPort(url);
  if (port === null) throw new Failure('bad_input', `The url of “${name}” must be ${RECEIVER_URL}.`);
  if (auth.kind !== 'bearer' || auth.token.length < 16)
    throw new Failure('bad_input', `“${name}” needs ${RECEIVER_TOKEN}.`);
  return { port, token: auth.token };
}

function stored({ auth, ...rest }: NewConnection, id: string): Connection {
  return {
    ...rest,
    id: ConnectionId.parse(id),
    auth: auth.kind,
    ...(auth.kind === 'basic' ? { username: auth.username } : {}),
    from: 'settings',
  };
}

const nameOf = (id: string) => `connection/${id}`;

const secretOf = (auth: NewConnection['auth']): string | null =>
  auth.kind === 'bearer' ? auth.token : auth.kind === 'basic' ? auth.password : null;
