import { NewFolder } from '../../shared/vocabulary/folder-connection.ts';
import { call } from '../state/call.ts';
import { TextField } from '../ui/field.tsx';
import { useFields } from '../ui/use-fields.ts';
import { ConnectForm } from './connect-form.tsx';
import { TestResult } from './test-result.tsx';

/** Connects a folder of lines. It takes no secret: whoever runs Countersign must be able to read it. */
export function FolderForm({ onAdded, onCancel }: { onAdded(): void; onCancel(): void }) {
  const { draft, field, forget } = useFields('settings.folder', { name: '', folder: '' }, { never: [] });
  return (
    <ConnectForm
      label="New folder"
      draft={draft}
      parse={({ name, folder }) => NewFolder.safeParse({ kind: 'folder', name: name.trim(), folder })}
      test={(given) => call('connections.testFolder', given)}
      tested={(result) => <TestResult result={result} />}
      add={(given) => call('connections.addFolder', given)}
      forget={forget}
      onAdded={onAdded}
      onCancel={onCancel}
    >
      <TextField label="Name" maxLength={80} autoFocus {...field('name')} />
      <TextField
        label="Folder"
        placeholder="/var/lib/changes"
        hint="Each line of its .jsonl and .ndjson files is one event, as a receiver takes it."
        {...field('folder')}
      />
    </ConnectForm>
  );
}
