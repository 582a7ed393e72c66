import { Command } from 'cmdk';
import { Dialog as Radix } from 'radix-ui';
import { closeDialog } from '../state/view.ts';
import { inertLine } from '../ui/inert-text.ts';
import { paletteCommands } from './commands.ts';

export function Palette() {
  const commands = paletteCommands();
  const groups = [...new Set(commands.map(({ group }) => group))];
  const run = (action: () => void) => {
    closeDialog();
    // After the dialog gave the focus back, so that what the command focuses keeps it.
    setTimeout(action, 0);
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && closeDialog()}>
      <Radix.Portal>
        <Radix.Overlay className="veil" />
        <Radix.Content className="dialog palette" aria-describedby={undefined}>
          <Radix.Title className="visually-hidden">Command palette</Radix.Title>
          <Command label="Commands" loop>
            <Command.Input className="palette-input" placeholder="Type a command or a place" autoFocus />
            <Command.List className="palette-list">
              <Command.Empty className="palette-empty">No command is called that.</Command.Empty>
              {groups.map((group) => (
                <Command.Group key={group} heading={group}>
                  {commands
                    .filter((command) => command.group === group)
                    .map(({ id, label, keys, run: action }) => (
                      <Command.Item
                        key={id}
                        value={`${group} ${label} ${id}`}
                        className="palette-item"
                        onSelect={() => run(action)}
                      >
                        <span className="inert">{inertLine(label)}</span>
                        {keys && <kbd className="kbd">{keys}</kbd>}
                      </Command.Item>
                    ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
