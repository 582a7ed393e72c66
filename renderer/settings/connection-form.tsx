import { useState } from 'react';
import { ConnectionKind, type ConnectionTest, NewConnection } from '../../shared/vocabulary/connection.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Problem } from '../ui/panel-states.tsx';
import { sentenceCase } from '../ui/words.ts';
import { TestResult } from './test-result.tsx';

type Auth = 'none' | 'bearer' | 'basic';

const EMPTY = {
  kind: 'prometheus',
  name: '',
  url: '',
  auth: 'none' as Auth,
  token: '',
  username: '',
  password: '',
};
type Draft = typeof EMPTY;

/** Adds a system. The secret goes straight to the host's vault and is not kept on this screen. */
export function ConnectionForm({ onAdded, onCancel }: { onAdded(): void; onCancel(): void }) {
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [result, setResult] = useState<ConnectionTest | null>(null);
  const { busy, problem, attempt, tell } = useAttempt();
  const set = (change: Partial<Draft>) => {
    setDraft({ ...draft, ...change });
    setResult(null);
  };

  const withDraft = async (what: (connection: NewConnection) => Promise<void>) => {
    const parsed = NewConnection.safeParse(connectionOf(draft));
    if (!parsed.success)
      return tell(parsed.error.issues.map(({ path, message }) => `${path.join(' ')}: ${message}`).join('; '));
    await attempt(() => what(parsed.data));
  };
  const test = () => withDraft(async (connection) => setResult(await call('connections.test', connection)));
  const add = () =>
    withDraft(async (connection) => {
      await call('connections.add', connection);
      onAdded();
    });

  return (
    <form
      className="connection-form"
      aria-label="New connection"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void add();
      }}
    >
      <div className="connection-fields">
        <SelectField label="Kind" value={draft.kind} onChange={(event) => set({ kind: event.target.value })}>
          {ConnectionKind.options.map((kind) => (
            <option key={kind} value={kind}>
              {sentenceCase(kind)}
            </option>
          ))}
        </SelectField>
        <TextField
          label="Name"
          value={draft.name}
          maxLength={80}
          autoFocus
          onChange={(event) => set({ name: event.target.value })}
        />
        <TextField
          label="URL"
          value={draft.url}
          inputMode="url"
          placeholder={
            draft.kind === 'receiver' ? 'http://127.0.0.1:4319/events' : 'https://prometheus.example.com'
          }
          onChange={(event) => set({ url: event.target.value })}
        />
        <SelectField
          label="Credentials"
          value={draft.auth}
          onChange={(event) => set({ auth: authOf(event.target.value) })}
        >
          <option value="none">None</option>
          <option value="bearer">Bearer token</option>
          <option value="basic">User and password</option>
        </SelectField>
        {draft.auth === 'bearer' && (
          <TextField
            label="Token"
            type="password"
            value={draft.token}
            onChange={(event) => set({ token: event.target.value })}
          />
        )}
        {draft.auth === 'basic' && (
          <>
            <TextField
              label="User"
              value={draft.username}
              onChange={(event) => set({ username: event.target.value })}
            />
            <TextField
              label="Password"
              type="password"
              value={draft.password}
              onChange={(event) => set({ password: event.target.value })}
            />
          </>
        )}
      </div>
      {problem && <Problem>{problem}</Problem>}
      <div aria-live="polite">{result && <TestResult result={result} />}</div>
      <div className="dialog-actions">
        <Button onClick={onCancel}>Cancel</Button>
        <Button disabled={busy} onClick={() => void test()}>
          Test
        </Button>
        <Button type="submit" look="primary" disabled={busy}>
          Add
        </Button>
      </div>
    </form>
  );
}

const authOf = (value: string): Auth => (value === 'bearer' || value === 'basic' ? value : 'none');

function connectionOf({ kind, name, url, auth, token, username, password }: Draft): unknown {
  const credentials = {
    none: { kind: 'none' },
    bearer: { kind: 'bearer', token },
    basic: { kind: 'basic', username, password },
  }[auth];
  return { kind, name: name.trim(), url: url.trim(), auth: credentials };
}
