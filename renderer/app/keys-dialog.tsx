import { closeDialog } from '../state/view.ts';
import { Dialog } from '../ui/dialog.tsx';
import { keyHelp } from './keyboard.ts';

export function KeysDialog() {
  return (
    <Dialog title="All keys" about="None of them approves anything in one press." onClose={closeDialog}>
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
    </Dialog>
  );
}
