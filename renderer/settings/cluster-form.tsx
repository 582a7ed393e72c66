import { useState } from 'react';
import {
  type ClusterTest,
  type Contexts,
  Kubeconfig,
  NewCluster,
} from '../../shared/vocabulary/cluster-connection.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { SelectField, TextAreaField, TextField } from '../ui/field.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Problem } from '../ui/panel-states.tsx';
import { useFields } from '../ui/use-fields.ts';
import { ClusterTestResult } from './cluster-test-result.tsx';
import { ConnectForm, entered, namesIn } from './connect-form.tsx';

const EMPTY = {
  name: '',
  access: 'file',
  path: '~/.kube/config',
  text: '',
  context: '',
  server: '',
  token: '',
  authority: '',
  namespaces: '',
  serviceAccount: '',
  writerNamespace: '',
};
type Draft = typeof EMPTY;
type FieldProps = { draft: Draft; set(change: Partial<Draft>): void };

/** Connects a cluster. What signs in goes straight to the host's vault and is not kept on this screen. */
export function ClusterForm({ onAdded, onCancel }: { onAdded(): void; onCancel(): void }) {
  const { draft, set, forget } = useFields('settings.cluster', EMPTY, { never: ['text', 'token'] });
  return (
    <ConnectForm
      label="New cluster"
      draft={draft}
      parse={(entries) => NewCluster.safeParse(clusterOf(entries))}
      test={(given) => call('connections.testCluster', given)}
      tested={(result: ClusterTest) => <ClusterTestResult result={result} />}
      add={(given) => call('connections.addCluster', given)}
      forget={forget}
      onAdded={onAdded}
      onCancel={onCancel}
    >
      <TextField
        label="Name"
        value={draft.name}
        maxLength={80}
        autoFocus
        onChange={(event) => set({ name: event.target.value })}
      />
      <SelectField
        label="Signs in by"
        value={draft.access}
        onChange={(event) => set({ access: event.target.value, context: '' })}
      >
        <option value="file">Kubeconfig on this machine</option>
        <option value="text">Pasted kubeconfig</option>
        <option value="token">Address and token</option>
      </SelectField>
      {draft.access === 'token' ? (
        <TokenFields draft={draft} set={set} />
      ) : (
        <KubeconfigFields key={draft.access} draft={draft} set={set} />
      )}
      <ScopeFields draft={draft} set={set} />
    </ConnectForm>
  );
}

function KubeconfigFields({ draft, set }: FieldProps) {
  const [found, setFound] = useState<Contexts | null>(null);
  const { busy, problem, attempt, tell } = useAttempt();
  const change = (next: Partial<Draft>) => {
    setFound(null);
    set({ ...next, context: '' });
  };
  const read = async () => {
    const parsed = Kubeconfig.safeParse(kubeconfigOf(draft));
    if (!parsed.success) return tell(parsed.error.issues.map(({ message }) => message).join('; '));
    await attempt(async () => setFound(await call('connections.contexts', parsed.data)));
  };
  return (
    <>
      {draft.access !== 'text' ? (
        <TextField
          label="Kubeconfig"
          value={draft.path}
          hint="Read by Countersign as kubectl reads it, sign-in commands included."
          onChange={(event) => change({ path: event.target.value })}
        />
      ) : (
        <TextAreaField
          label="Kubeconfig"
          value={draft.text}
          rows={4}
          hint="Kept in the vault. It may run no command and name no file: save such a one and give its path."
          onChange={(event) => change({ text: event.target.value })}
        />
      )}
      <div className="field">
        <SelectField
          label="Context"
          value={draft.context}
          onChange={(event) => set({ context: event.target.value })}
        >
          <option value="">
            {found?.current ? `The current one (${inertLine(found.current)})` : 'The current one'}
          </option>
          {found?.contexts.map(({ name, server }) => (
            <option key={name} value={name}>
              {inertLine(`${name}: ${server}`)}
            </option>
          ))}
        </SelectField>
        <div>
          <Button small disabled={busy} onClick={() => void read()}>
            Read contexts
          </Button>
        </div>
        {problem && <Problem>{problem}</Problem>}
      </div>
    </>
  );
}

function TokenFields({ draft, set }: FieldProps) {
  return (
    <>
      <TextField
        label="Address"
        value={draft.server}
        inputMode="url"
        placeholder="https://203.0.113.10:6443"
        onChange={(event) => set({ server: event.target.value })}
      />
      <TextField
        label="Token"
        type="password"
        value={draft.token}
        onChange={(event) => set({ token: event.target.value })}
      />
      <TextAreaField
        label="Certificate authority"
        value={draft.authority}
        rows={3}
        hint="PEM, where no public authority vouches for the server."
        onChange={(event) => set({ authority: event.target.value })}
      />
    </>
  );
}

function ScopeFields({ draft, set }: FieldProps) {
  return (
    <>
      <TextField
        label="Namespaces"
        value={draft.namespaces}
        placeholder="shop, web"
        hint="Where the credential has rights. Empty: in the whole cluster."
        onChange={(event) => set({ namespaces: event.target.value })}
      />
      <TextField
        label="Account that writes"
        value={draft.serviceAccount}
        placeholder="countersign-writer"
        hint="Empty: the credential above also writes."
        onChange={(event) => set({ serviceAccount: event.target.value })}
      />
      {draft.serviceAccount.trim() !== '' && (
        <TextField
          label="Namespace of that account"
          value={draft.writerNamespace}
          placeholder="countersign"
          onChange={(event) => set({ writerNamespace: event.target.value })}
        />
      )}
    </>
  );
}

const kubeconfigOf = ({ access, path, text }: Draft): unknown =>
  access === 'text' ? { kind: 'text', text } : { kind: 'file', path };

function clusterOf(draft: Draft): unknown {
  const { name, context, server, token, authority, namespaces, serviceAccount, writerNamespace } = draft;
  const names = namesIn(namespaces);
  const access =
    draft.access === 'token'
      ? { kind: 'token', server: server.trim(), token: token.trim(), ...entered({ authority }) }
      : { ...Object(kubeconfigOf(draft)), ...entered({ context }) };
  return {
    name: name.trim(),
    access,
    ...(names.length === 0 ? {} : { namespaces: names }),
    ...(serviceAccount.trim() === ''
      ? {}
      : { writer: { serviceAccount: serviceAccount.trim(), namespace: writerNamespace.trim() } }),
  };
}
