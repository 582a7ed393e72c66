import { NewFlagFile } from '../../shared/vocabulary/flag-file-connection.ts';
import { call } from '../state/call.ts';
import { TextField } from '../ui/field.tsx';
import { useFields } from '../ui/use-fields.ts';
import { ConnectForm, entered } from './connect-form.tsx';
import { TestResult } from './test-result.tsx';

const EMPTY = { name: '', path: '', environment: '' };

/** Connects a file of flags. It takes no secret: whoever runs Countersign must be able to read it. */
export function FlagFileForm({ onAdded, onCancel }: { onAdded(): void; onCancel(): void }) {
  const { draft, field, forget } = useFields('settings.flag-file', EMPTY, { never: [] });
  return (
    <ConnectForm
      label="New flag file"
      draft={draft}
      parse={(entries) =>
        NewFlagFile.safeParse({
          kind: 'flagd',
          name: entries.name.trim(),
          path: entries.path,
          ...entered({ environment: entries.environment }),
        })
      }
      test={(given) => call('connections.testFlagFile', given)}
      tested={(result) => <TestResult result={result} />}
      add={(given) => call('connections.addFlagFile', given)}
      forget={forget}
      onAdded={onAdded}
      onCancel={onCancel}
    >
      <TextField label="Name" maxLength={80} autoFocus {...field('name')} />
      <TextField
        label="File"
        placeholder="/srv/flags/production.flagd.json"
        hint="In JSON or YAML, as flagd takes it. In a git repository its history is read too."
        {...field('path')}
      />
      <TextField label="Environment" placeholder="production" {...field('environment')} />
    </ConnectForm>
  );
}
