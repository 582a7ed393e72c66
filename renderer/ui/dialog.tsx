import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { useFocusBack } from './focus-back.ts';

type DialogProps = {
  title: string;
  about?: ReactNode;
  wide?: boolean;
  children: ReactNode;
  /** Called when it is dismissed; a dialog is shown as long as it is rendered. */
  onClose(): void;
};

/** Modal, named by its title, closed with Escape; the focus goes back where it came from. */
export function Dialog({ title, about, wide = false, children, onClose }: DialogProps) {
  const focusBack = useFocusBack();
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="veil" />
        <Radix.Content
          {...focusBack}
          className={`dialog ${wide ? 'dialog-wide' : ''}`}
          {...(about === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <div className="dialog-head">
            <Radix.Title className="dialog-title">{title}</Radix.Title>
            <Radix.Close asChild>
              <Button look="quiet" small aria-label="Close">
                <X size={14} aria-hidden />
              </Button>
            </Radix.Close>
          </div>
          {about !== undefined && (
            <Radix.Description asChild>
              <div className="dialog-about">{about}</div>
            </Radix.Description>
          )}
          <div className="dialog-body">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
