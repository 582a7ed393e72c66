import { ConnectionKind, type ConnectionTest, NewConnection } from '../../shared/vocabulary/connection.ts';
import { call } from '../state/call.ts';
import { SelectField, TextField } from '../ui/field.tsx';
import { sentenceCase } from '../ui/words.ts';
import { ConnectForm, namesIn } from './connect-form.tsx';
import { NO_REACH, ReachFields, reachIn, takesReach } from './reach-fields.tsx';
import { TestResult } from './test-result.tsx';
import { useFields } from './use-fields.ts';

type Auth = 'none' | 'bearer' | 'basic';

const EMPTY = {
  kind: 'prometheus',
  name: '',
  url: '',
  auth: 'none' as Auth,
  token: '',
  username: '',
  password: '',
  reach: NO_REACH,
  projects: '',
  environments: '',
};
type Draft = typeof EMPTY;

/** Adds a system. The secret goes straight to the host's vault and is not kept on this screen. */
export function ConnectionForm({ onAdded, onCancel }: { onAdded(): void; onCancel(): void }) {
  const { draft, set, field } = useFields(EMPTY);
  return (
    <ConnectForm
      label="New connection"
      draft={draft}
      parse={(entries) => NewConnection.safeParse(connectionOf(entries))}
      test={(given) => call('connections.test', given)}
      tested={(result: ConnectionTest) => <TestResult result={result} />}
      add={(given) => call('connections.add', given)}
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
      {draft.kind !== 'receiver' && <Credentials draft={draft} set={set} field={field} />}
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
      {takesReach(draft.kind) && <ReachFields reach={draft.reach} onChange={(reach) => set({ reach })} />}
    </ConnectForm>
  );
}

type Fields = ReturnType<typeof useFields<Draft>>;

/** How it is shown who asks. A receiver asks nobody. */
function Credentials({ draft, set, field }: Pick<Fields, 'draft' | 'set' | 'field'>) {
  return (
    <>
      <SelectField
        label="Credentials"
        value={draft.auth}
        onChange={(event) => set({ auth: authOf(event.target.value) })}
      >
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

const authOf = (value: string): Auth => (value === 'bearer' || value === 'basic' ? value : 'none');

function connectionOf({ kind, name, url, auth, token, username, password, reach, ...keys }: Draft): unknown {
  const credentials = {
    none: { kind: 'none' },
    bearer: { kind: 'bearer', token },
    basic: { kind: 'basic', username, password },
  };
  return {
    kind,
    name: name.trim(),
    url: url.trim(),
    auth: kind === 'receiver' ? credentials.none : credentials[auth],
    ...(takesReach(kind) ? reachIn(reach) : {}),
    ...(kind === 'launchdarkly'
      ? { scope: { projects: namesIn(keys.projects), environments: namesIn(keys.environments) } }
      : {}),
  };
}
