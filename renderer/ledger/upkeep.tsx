import { useState } from 'react';
import type { LedgerStatus } from '../../shared/vocabulary/status.ts';
import { call, messageOf } from '../state/call.ts';
import { Button } from '../ui/button.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { ExportBundle } from './export-bundle.tsx';

/** What a person may do to the log itself: change its key, or begin a new one where it does not hold. */
export function Upkeep({ ledger: { state, realm } }: { ledger: LedgerStatus }) {
  const [asked, ask] = useState<'changeKey' | 'beginAnew' | null>(null);
  const [said, say] = useState('');
  const close = () => ask(null);
  const done = (sentence: string) => {
    say(sentence);
    close();
    return undefined;
  };
  return (
    <div className="ledger-upkeep">
      {state === 'broken' && <Button onClick={() => ask('beginAnew')}>Begin a new log</Button>}
      {(state === 'holds' || state === 'broken') && <ExportBundle realm={realm} />}
      {state === 'holds' && (
        <Button small onClick={() => ask('changeKey')}>
          Change the signing key
        </Button>
      )}
      <span role="status" className="field-hint">
        {said}
      </span>
      {asked === 'changeKey' && (
        <ReasonDialog
          title="Change the signing key?"
          about="A new key signs from here on. The hand-over is an entry that both keys sign, so what was signed before stays valid."
          keptAs={`change-key.${realm}`}
          action="Change the key"
          placeholder="Why the key is changed"
          onSubmit={(reason) =>
            call('ledger.changeKey', { realm, reason }).then(() => done('The key was changed.'), failed)
          }
          onClose={close}
        />
      )}
      {asked === 'beginAnew' && (
        <ReasonDialog
          title="Begin a new log?"
          about="The data as it is now is set aside whole. The new log's first entry names the head of the old one, your name and this reason. Open approvals become void."
          keptAs={`begin-anew.${realm}`}
          action="Begin it"
          placeholder="What happened, as far as you know"
          onSubmit={(reason) =>
            call('ledger.beginAnew', { realm, reason }).then(
              ({ copy }) => done(`A new log was begun. The old one is kept as ${copy}.`),
              failed,
            )
          }
          onClose={close}
        />
      )}
    </div>
  );
}

const failed = (error: unknown): never => {
  throw new Error(messageOf(error));
};
