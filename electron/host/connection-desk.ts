import { NewCloud } from '../../shared/vocabulary/cloud-connection.ts';
import { type ClusterTest, NewCluster } from '../../shared/vocabulary/cluster-connection.ts';
import type {
  Connection,
  ConnectionDescription,
  ConnectionTest,
  NewConnection,
} from '../../shared/vocabulary/connection.ts';
import type { NewFlagFile } from '../../shared/vocabulary/flag-file-connection.ts';
import type { NewFolder } from '../../shared/vocabulary/folder-connection.ts';
import { ConnectionId } from '../../shared/vocabulary/ids.ts';
import { alertmanager } from '../connectors/alertmanager/alertmanager.ts';
import { cloudWatch } from '../connectors/cloudwatch/cloudwatch.ts';
import { flagd } from '../connectors/flagd/flagd.ts';
import { kubernetes } from '../connectors/kubernetes/kubernetes.ts';
import { launchDarkly } from '../connectors/launchdarkly/launchdarkly.ts';
import { loki } from '../connectors/loki/loki.ts';
import { prometheus } from '../connectors/prometheus/prometheus.ts';
import { type Receiver, receiver } from '../connectors/receiver/receiver.ts';
import { watchedFolder } from '../connectors/receiver/watched-folder.ts';
import type { Connector } from '../connectors/source.ts';
import { unleash } from '../connectors/unleash/unleash.ts';
import type { Ledger } from '../ledger/log.ts';
import { Failure } from '../platform/failure.ts';
import { authorizationOf } from '../platform/http.ts';
import { randomIds } from '../platform/ids.ts';
import { tlsOf } from '../platform/own-certificate.ts';
import type { ConnectionRepository } from '../store/connection-repository.ts';
import type { SourceDesk } from '../timeline/source-desk.ts';
import type { Vault } from '../vault/vault.ts';
import { shownCloud } from './cloud-connection.ts';
import { givenCluster, shownCluster } from './cluster-connection.ts';
import type { FileConnection, Given, GivenCluster } from './connection-file.ts';
import { shownFlagFile, storedFlagFile } from './flag-file-connection.ts';
import { type placesIn, shownFolder } from './folder-connection.ts';
import type { ReadScope } from './read-scope.ts';
import {
  demandSenders,
  type GivenReceiver,
  givenReceiver,
  placeOf,
  shownSenders,
  withAddresses,
} from './receiver-connection.ts';
import { isSealed, sealedOf, secretOf, shownSignIn, signInOf } from './sealed-sign-in.ts';
import { senderDesk } from './sender-desk.ts';
import { senderSecrets } from './sender-secrets.ts';

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
  /** How far the files of a folder were read, by its connection. */
  placesOf: ReturnType<typeof placesIn>;
  /** Told each secret, so that it never reaches a log line. */
  onSecret(secret: string): void;
}) {
  const { repository, fromFile, vault, ledger, sources, reads } = ports;
  const refuses = reads.refusesHost;
  const secrets = senderSecrets(vault);
  /** By the id of the connection, as long as it is there. */
  const receivers = new Map<string, Receiver>();

  async function add(given: NewConnection): Promise<Connection> {
    if (given.kind === 'receiver') return addReceiver(givenReceiver(given));
    return keep(stored(given, randomIds('con')), sealedOf(given), given);
  }

  /** Its senders have a place in the vault each, and none of them is needed to connect it. */
  async function addReceiver(given: GivenReceiver): Promise<Connection> {
    const { kind, name, url } = given;
    const id = ConnectionId.parse(randomIds('con'));
    const senders = shownSenders(given.senders, Date.now());
    const connection: Connection = { id, kind, name, url, auth: 'senders', senders, from: 'settings' };
    for (const { id: sender, secret } of checked(given).senders) secrets.put(id, sender, { secret });
    return keep(connection, null, given);
  }

  /** How a cluster is reached goes into the vault as a whole: a kubeconfig tells more than its token. */
  async function addCluster(given: NewCluster): Promise<Connection> {
    return keep(shownCluster(given, randomIds('con')), JSON.stringify(given), givenCluster(given));
  }

  /** What it is told lies in the vault too, though it names only who signs in: one place for all of them. */
  const addCloud = (given: NewCloud): Promise<Connection> =>
    keep(shownCloud(given, randomIds('con'), 'settings'), JSON.stringify(given), given);

  const addFlagFile = (given: NewFlagFile): Promise<Connection> =>
    keep(shownFlagFile(given, randomIds('con'), 'settings'), null, given);

  const addFolder = (given: NewFolder): Promise<Connection> =>
    keep(shownFolder(given, randomIds('con'), 'settings'), null, given);

  async function keep(connection: Connection, secret: string | null, given: Given): Promise<Connection> {
    const { id, kind, name, url, auth } = connection;
    // What cannot be connected is not stored.
    const connector = connectorOf(id, given);
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
    await attach(connector);
    return shown(connection);
  }

  async function attach(connector: Connector): Promise<void> {
    if (isReceiver(connector)) receivers.set(connector.id, connector);
    await sources.attach(connector);
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
    receivers.delete(id);
    for (const sender of connection.senders ?? []) secrets.remove(id, sender.id);
    if (vault.has(nameOf(id)) && vault.state() === 'unlocked') vault.remove(nameOf(id));
  }

  const list = (): Connection[] =>
    [...repository.all(), ...fromFile.map(({ connection }) => connection)].map(shown);

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

  function receiverOf(id: string, given: GivenReceiver): Receiver {
    const { name, senders } = checked(given);
    for (const { secret, previous } of senders) {
      ports.onSecret(secret);
      if (previous) ports.onSecret(previous.secret);
    }
    return receiver({ id, name, senders, place: placeOf(given) });
  }

  function connectorOf(id: string, given: Given): Connector {
    if (given.kind === 'kubernetes') return clusterOf(id, given);
    if (given.kind === 'cloudwatch') return cloudWatch({ id, ...given, refuses });
    if (given.kind === 'flagd') return flagd({ id, ...given });
    if (given.kind === 'folder') return watchedFolder({ id, ...given, places: ports.placesOf(id) });
    if ('senders' in given) return receiverOf(id, given);
    const { kind, name, url, auth, tenant, scope } = given;
    const secret = secretOf(auth);
    if (secret !== null) ports.onSecret(secret);
    if (given.tls?.client) ports.onSecret(given.tls.client.key);
    const tls = given.tls && tlsOf(name, given.tls);
    const authorization = authorizationOf(auth);
    switch (kind) {
      case 'prometheus':
        return prometheus({ id, name, url, authorization, tenant, tls, refuses, metricScope: reads.metrics });
      case 'alertmanager':
        return alertmanager({ id, name, url, authorization, tenant, tls, refuses });
      case 'loki':
        return loki({
          id,
          name,
          url,
          authorization,
          tenant,
          tls,
          refuses,
          logScope: reads.logs,
          mayRead: reads.namespace,
          isLive: true,
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
      case 'launchdarkly':
        return launchDarkly({
          id,
          name,
          url,
          // The same as of Unleash.
          authorization: auth.kind === 'bearer' ? auth.token : authorization,
          scope,
          refuses,
        });
      case 'receiver':
        return receiverOf(id, givenReceiver(given));
    }
  }

  /** @throws Failure `locked` while its secret cannot be read. */
  function withSecret(connection: Connection): Given {
    const file = fromFile.find((one) => one.connection.id === connection.id);
    if (file) return file.given;
    const { kind, name, url } = connection;
    if (kind === 'receiver') return { kind, name, url, senders: secrets.keysOf(connection, Date.now()) };
    const secret = isSealed(connection) ? vault.get(nameOf(connection.id)) : '';
    if (secret === undefined)
      throw new Failure('not_found', `The secret of “${name}” is gone: remove it and add it again`);
    if (kind === 'kubernetes') return givenCluster(NewCluster.parse(JSON.parse(secret)));
    if (kind === 'cloudwatch') return NewCloud.parse(JSON.parse(secret));
    if (kind === 'flagd') return storedFlagFile(connection);
    if (kind === 'folder') return { kind, name, folder: url };
    return { kind, name, url, scope: connection.scope, ...signInOf(connection, secret) };
  }

  /** Attaches every known connection whose secret can be read; returns sentences about the others. */
  function attachAll(): string[] {
    return list().flatMap((connection) => {
      if (sources.find(connection.id)) return [];
      try {
        void attach(connectorOf(connection.id, withSecret(connection)));
        return [];
      } catch (error) {
        if (error instanceof Failure) return [`“${connection.name}” is not connected: ${error.message}`];
        throw error;
      }
    });
  }

  const test = (given: Given): Promise<ConnectionTest> =>
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

  /** A receiver that listens is asked itself: another one at its port could only say that it is taken. */
  const testStored = (id: string): Promise<ConnectionTest> =>
    receivers.get(find(id).id)?.test(AbortSignal.timeout(TEST_TIMEOUT_MS)) ?? test(withSecret(find(id)));

  return {
    senders: senderDesk({
      repository,
      secrets,
      ledger,
      find,
      listening: (id) => receivers.get(id),
      person: ports.person,
      onSecret: ports.onSecret,
      nowMs: Date.now,
    }),
    add,
    addCluster,
    addCloud,
    addFlagFile,
    addFolder,
    remove,
    list,
    attachAll,
    test,
    testCluster,
    describe,
    testStored,
  };
}

/** @throws Failure `bad_input` where its address or senders do not hold. */
function checked(given: GivenReceiver): GivenReceiver {
  demandSenders(placeOf(given), given.name, given.senders);
  return given;
}

const isReceiver = (connector: Connector): connector is Receiver =>
  connector.kind === 'receiver' && 'senders' in connector;

const stored = ({ kind, name, url, scope, ...signIn }: NewConnection, id: string): Connection => ({
  kind,
  name,
  url,
  scope,
  id: ConnectionId.parse(id),
  ...shownSignIn(signIn),
  from: 'settings',
});

const shown = withAddresses;

const nameOf = (id: string) => `connection/${id}`;
