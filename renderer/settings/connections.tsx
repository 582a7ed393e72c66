import { useState } from 'react';
import type { Connection, ConnectionTest } from '../../shared/vocabulary/connection.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { useRead } from '../state/use-read.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { hasDraft } from '../ui/draft.ts';
import { Inert } from '../ui/inert.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Problem, WhenRead } from '../ui/panel-states.tsx';
import { CloudForm } from './cloud-form.tsx';
import { ClusterForm } from './cluster-form.tsx';
import { ConnectionAbout } from './connection-about.tsx';
import { ConnectionForm } from './connection-form.tsx';
import { FlagFileForm } from './flag-file-form.tsx';
import { FolderForm } from './folder-form.tsx';
import { ReceiverAddresses } from './receiver-addresses.tsx';
import { ReceiverSenders } from './receiver-senders.tsx';
import { SureButton } from './sure-button.tsx';
import { TestResult } from './test-result.tsx';

const FORMS = ['system', 'cluster', 'cloud', 'flag-file', 'folder'] as const;

/** The systems that evidence is read from. A form that was begun is open again. */
export function Connections() {
  const connections = useRead('connections', () => call('connections.list', {}));
  const [adding, setAdding] = useState(() => FORMS.find((form) => hasDraft(`settings.${form}`)) ?? null);
  const added = () => {
    setAdding(null);
    connections.again();
  };

  return (
    <section className="box settings-section" aria-label="Connections">
      <div className="settings-head settings-head-many">
        <h2>Connections</h2>
        {!adding && (
          <>
            <Button onClick={() => setAdding('cluster')}>Connect a cluster</Button>
            <Button onClick={() => setAdding('cloud')}>Connect CloudWatch</Button>
            <Button onClick={() => setAdding('flag-file')}>Watch a flag file</Button>
            <Button onClick={() => setAdding('folder')}>Watch a folder</Button>
            <Button onClick={() => setAdding('system')}>Add a connection</Button>
          </>
        )}
      </div>
      <WhenRead of={connections} loading="Reading the connections" failed="The connections could not be read">
        {(all) => <ConnectionList connections={all} onChanged={connections.again} adding={adding !== null} />}
      </WhenRead>
      {adding === 'system' && <ConnectionForm onAdded={added} onCancel={() => setAdding(null)} />}
      {adding === 'cloud' && <CloudForm onAdded={added} onCancel={() => setAdding(null)} />}
      {adding === 'flag-file' && <FlagFileForm onAdded={added} onCancel={() => setAdding(null)} />}
      {adding === 'folder' && <FolderForm onAdded={added} onCancel={() => setAdding(null)} />}
      {adding === 'cluster' && <ClusterForm onAdded={added} onCancel={() => setAdding(null)} />}
    </section>
  );
}

type ListProps = { connections: Connection[]; adding: boolean; onChanged(): void };

function ConnectionList({ connections, adding, onChanged }: ListProps) {
  if (connections.length === 0) {
    return adding ? null : (
      <p className="muted">
        No system is connected. A Prometheus gives the metrics of services, an Alertmanager gives alerts, a
        receiver takes the changes that others post, a Kubernetes cluster gives rollouts and events and is
        what most actions work on. Drills need none.
      </p>
    );
  }
  return (
    <ul className="connections">
      {connections.map((connection) => (
        <ConnectionRow key={connection.id} connection={connection} onChanged={onChanged} />
      ))}
    </ul>
  );
}

/** What actions work on: policies name it by its id. */
const WRITTEN_TO: ReadonlySet<Connection['kind']> = new Set(['kubernetes', 'unleash']);

const WHERE = { file: 'from files', settings: 'in the vault' };

/** What it shows of itself, and where that is kept. */
function signsInBy({ auth, tls, from }: Connection): string {
  if (auth === 'senders')
    return from === 'file'
      ? 'a secret for each sender, named in the file'
      : 'a secret for each sender in the vault';
  if (auth === 'aws') return 'signs in as the AWS command line does';
  const shown = [
    ...(auth === 'none' ? [] : [`${auth} credentials in the vault`]),
    ...(tls === 'client' ? [`client certificate ${WHERE[from]}`] : []),
    ...(tls === 'authority' ? ['a private authority'] : []),
  ];
  return shown.length === 0 ? 'no credentials' : shown.join(' · ');
}

function ConnectionRow({ connection, onChanged }: { connection: Connection; onChanged(): void }) {
  const [result, setResult] = useState<ConnectionTest | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const test = () =>
    attempt(async () => setResult(await call('connections.testStored', { connection: connection.id })));
  const remove = () =>
    attempt(async () => {
      await call('connections.remove', { connection: connection.id });
      onChanged();
    });
  const name = inertLine(connection.name);
  return (
    <li className="connection">
      <div className="connection-line">
        <div>
          <p>
            <strong>{name}</strong> <Chip>{connection.kind}</Chip>{' '}
            {connection.from === 'file' && <Chip title="Change it in connections.yaml">from file</Chip>}
          </p>
          <p className="muted">
            <Inert text={connection.url} /> · {signsInBy(connection)}
            {connection.username !== undefined && (
              <>
                {' '}
                for <Inert text={connection.username} />
              </>
            )}
            {connection.tenant !== undefined && (
              <>
                {' '}
                · tenant <Inert text={connection.tenant} />
              </>
            )}
            {WRITTEN_TO.has(connection.kind) && (
              <>
                {' '}
                · in the envelope <code>{connection.id}</code>
              </>
            )}
          </p>
        </div>
        <Button aria-label={`Test ${name}`} disabled={busy} onClick={() => void test()}>
          {busy && <span className="spinner" aria-hidden />}
          Test
        </Button>
        {connection.from === 'settings' && (
          <SureButton verb="Remove" name={name} busy={busy} onSure={() => void remove()} />
        )}
      </div>
      <ConnectionAbout connection={connection.id} />
      {connection.listensAt && <ReceiverAddresses name={connection.name} addresses={connection.listensAt} />}
      {connection.kind === 'receiver' && <ReceiverSenders connection={connection} onChanged={onChanged} />}
      <div aria-live="polite">{result && <TestResult result={result} />}</div>
      {problem && <Problem>{problem}</Problem>}
    </li>
  );
}
