import { closeDialog } from '../state/view.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Group } from '../ui/group.tsx';
import { keyHelp } from './keyboard.ts';

export function KeysDialog() {
  return (
    <Dialog title="All keys" about="None of them approves anything in one press." onClose={closeDialog}>
      {/* In a low window the list is longer than the dialog: with the focus in it, keys scroll it. */}
      <Group label="Keys" tabIndex={0}>
        <dl className="keys">
          {keyHelp.map(({ keys, does }) => (
            <div key={keys}>
              <dt>
                <kbd className="kbd">{keys}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </Group>
    </Dialog>
  );
}
