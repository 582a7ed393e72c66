import { Command } from 'cmdk';
import { Dialog as Radix } from 'radix-ui';
import { useRef } from 'react';
import { closeDialog } from '../state/view.ts';
import { useFocusBack } from '../ui/focus-back.ts';
import { inertLine } from '../ui/inert-text.ts';
import { paletteCommands } from './commands.ts';

export function Palette() {
  const commands = paletteCommands();
  const groups = [...new Set(commands.map(({ group }) => group))];
  const focusBack = useFocusBack();
  const chosen = useRef<(() => void) | null>(null);
  const run = (action: () => void) => {
    chosen.current = action;
    closeDialog();
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && closeDialog()}>
      <Radix.Portal>
        <Radix.Overlay className="veil" />
        <Radix.Content
          ref={focusBack.ref}
          onCloseAutoFocus={(event) => {
            focusBack.onCloseAutoFocus(event);
            // Only now: what it focuses keeps the focus, and what it opens knows where the focus came from.
            chosen.current?.();
          }}
          className="dialog palette"
          aria-describedby={undefined}
        >
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
