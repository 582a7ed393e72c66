import { ConnectionKind, type ConnectionTest, NewConnection } from '../../shared/vocabulary/connection.ts';
import { call } from '../state/call.ts';
import { SelectField, TextField } from '../ui/field.tsx';
import { useFields } from '../ui/use-fields.ts';
import { sentenceCase } from '../ui/words.ts';
import { ConnectForm, namesIn } from './connect-form.tsx';
import { NO_REACH, ReachFields, reachIn, takesReach } from './reach-fields.tsx';
import { TestResult } from './test-result.tsx';

const EMPTY = {
  kind: 'prometheus',
  name: '',
  url: '',
  auth: 'none',
  token: '',
  username: '',
  password: '',
  ...NO_REACH,
  projects: '',
  environments: '',
};
type Draft = typeof EMPTY;

/** Adds a system. A secret goes straight to the host's vault and is not kept on this screen. */
export function ConnectionForm({ onAdded, onCancel }: { onAdded(): void; onCancel(): void }) {
  const { draft, set, field, forget } = useFields('settings.system', EMPTY, {
    never: ['token', 'password', 'key'],
  });
  return (
    <ConnectForm
      label="New connection"
      draft={draft}
      parse={(entries) => NewConnection.safeParse(connectionOf(entries))}
      test={(given) => call('connections.test', given)}
      tested={(result: ConnectionTest) => <TestResult result={result} />}
      add={(given) => call('connections.add', given)}
      forget={forget}
      onAdded={onAdded}
      onCancel={onCancel}
    >
      <SelectField label="Kind" {...field('kind')}>
        {ConnectionKind.options.map((kind) => (
          <option key={kind} value={kind}>
            {KINDS[kind] ?? sentenceCase(kind)}
          </option>
        ))}
      </SelectField>
      <TextField label="Name" {...field('name')} maxLength={80} autoFocus />
      <TextField
        label="URL"
        {...field('url')}
        {...(draft.kind === 'receiver'
          ? { hint: 'Where it listens. Once it is connected, add senders: each gets a secret of its own.' }
          : {})}
        inputMode="url"
        placeholder={PLACES[draft.kind] ?? 'https://prometheus.example.com'}
      />
      {draft.kind !== 'receiver' && <Credentials draft={draft} field={field} />}
      {draft.kind === 'launchdarkly' && (
        <>
          <TextField
            label="Projects"
            {...field('projects')}
            placeholder="all that the token sees"
            hint="Keys, parted by commas."
          />
          <TextField
            label="Environments"
            {...field('environments')}
            placeholder="those marked as critical"
            hint="Keys, parted by commas."
          />
        </>
      )}
      {takesReach(draft.kind) && <ReachFields reach={draft} onChange={set} />}
    </ConnectForm>
  );
}

type CredentialsProps = { draft: Draft; field: ReturnType<typeof useFields<keyof Draft>>['field'] };

/** How it is shown who asks. A receiver asks nobody. */
function Credentials({ draft, field }: CredentialsProps) {
  return (
    <>
      <SelectField label="Credentials" {...field('auth')}>
        <option value="none">None</option>
        <option value="bearer">Bearer token</option>
        <option value="basic">User and password</option>
      </SelectField>
      {draft.auth === 'bearer' && <TextField label="Token" type="password" {...field('token')} />}
      {draft.auth === 'basic' && (
        <>
          <TextField label="User" {...field('username')} />
          <TextField label="Password" type="password" {...field('password')} />
        </>
      )}
    </>
  );
}

const KINDS: Partial<Record<string, string>> = { launchdarkly: 'LaunchDarkly' };
const PLACES: Partial<Record<string, string>> = {
  receiver: 'http://127.0.0.1:4319',
  launchdarkly: 'https://app.launchdarkly.com',
};

function connectionOf(draft: Draft): unknown {
  const { kind, name, url, auth, token, username, password, projects, environments } = draft;
  const credentials =
    auth === 'bearer'
      ? { kind: 'bearer', token }
      : auth === 'basic'
        ? { kind: 'basic', username, password }
        : { kind: 'none' };
  return {
    kind,
    name: name.trim(),
    url: url.trim(),
    auth: kind === 'receiver' ? { kind: 'none' } : credentials,
    ...(takesReach(kind) ? reachIn(draft) : {}),
    ...(kind === 'launchdarkly'
      ? { scope: { projects: namesIn(projects), environments: namesIn(environments) } }
      : {}),
  };
}
