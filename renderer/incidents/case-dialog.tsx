import { type ReactNode, useState } from 'react';
import type { Input } from '../../shared/bridge/contract.ts';
import type { RankedCase } from '../../shared/vocabulary/ranked-case.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { closeDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/panel-states.tsx';
import { packedFile } from './packed-file.ts';
import { RankedCaseView } from './ranked-case-view.tsx';

/** Ranks a case file on the screen: which change did it, and why. */
export function CaseDialog() {
  const [ranked, setRanked] = useState<RankedCase | null>(null);
  return ranked ? (
    <Dialog title="What the case file says" wide onClose={closeDialog}>
      <RankedCaseView ranked={ranked} />
      <div className="dialog-actions">
        <Button onClick={() => setRanked(null)}>Open another</Button>
        <Button look="primary" onClick={closeDialog}>
          Done
        </Button>
      </div>
    </Dialog>
  ) : (
    <ChooseCase onRanked={setRanked} />
  );
}

function ChooseCase({ onRanked }: { onRanked(ranked: RankedCase): void }) {
  const [file, setFile] = useState<File | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const rank = (given: () => Promise<Input<'cases.rank'>>) =>
    attempt(async () => onRanked(await call('cases.rank', await given())));
  return (
    <Dialog title="Open a case file" about={ABOUT} onClose={closeDialog}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (file && !busy) void rank(async () => ({ from: 'file', ...(await packedFile(file)) }));
        }}
      >
        <div className="field">
          <label className="field-label" htmlFor="case-file">
            Case file
          </label>
          <input
            id="case-file"
            type="file"
            className="input"
            accept=".json,.gz,application/json,application/gzip"
            aria-describedby="case-file-about"
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
          <p id="case-file-about" className="field-hint">
            A <code>countersign.case/1</code> file, .json or .json.gz. Drop it on the box or choose it.
          </p>
        </div>
        {problem && <Problem>{problem}</Problem>}
        <div className="dialog-actions">
          <Button disabled={busy} onClick={() => void rank(async () => ({ from: 'example' }))}>
            Try the example
          </Button>
          <Button type="submit" look="primary" disabled={busy || file === null}>
            {busy && <span className="spinner" aria-hidden />}
            Rank it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const ABOUT: ReactNode =
  'Metrics and changes of one window. It is ranked on this machine; nothing of it is kept and nothing is sent.';
