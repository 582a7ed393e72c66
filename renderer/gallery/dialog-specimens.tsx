import { type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import type { Specimen } from './specimen.ts';

/** Dialogs stand above the page, one at a time and in its theme: each is opened by a button. */
export const dialogSpecimens: readonly Specimen[] = [
  {
    component: 'Dialog',
    states: [
      {
        name: 'usual',
        shown: (
          <Opener name="Open the dialog">
            {(close) => (
              <Dialog title="All keys" about="None of them approves." onClose={close}>
                <p>What it holds.</p>
              </Dialog>
            )}
          </Opener>
        ),
      },
      {
        name: 'wide',
        shown: (
          <Opener name="Open the wide dialog">
            {(close) => (
              <Dialog title="Two versions" wide onClose={close}>
                <p>What it holds.</p>
              </Dialog>
            )}
          </Opener>
        ),
      },
    ],
  },
  {
    component: 'ReasonDialog',
    states: [
      {
        name: 'that fails',
        shown: (
          <Opener name="Open the reason dialog">
            {(close) => (
              <ReasonDialog
                title="Stop everything?"
                action="Stop everything"
                look="stop"
                keptAs="specimen"
                initial="smoke"
                onSubmit={() => Promise.reject(new Error('The ledger cannot be written.'))}
                onClose={close}
              />
            )}
          </Opener>
        ),
      },
    ],
  },
];

function Opener({ name, children }: { name: string; children(close: () => void): ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{name}</Button>
      {isOpen && children(() => setOpen(false))}
    </>
  );
}
