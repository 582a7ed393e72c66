import { useState } from 'react';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Inert } from '../ui/inert.tsx';
import { Problem } from '../ui/panel-states.tsx';

/** That an entry stands in the log, for whoever has a signed head of it: shown as it is checked, and copyable. */
export function Proof({ realm, seq }: { realm: Realm; seq: number }) {
  const [proof, setProof] = useState<string | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const read = () => attempt(async () => setProof((await call('ledger.prove', { realm, seq })).proof));
  if (proof === null)
    return (
      <div className="proof">
        {problem && <Problem>{problem}</Problem>}
        <Button small disabled={busy} onClick={() => void read()}>
          Show the proof
        </Button>
      </div>
    );
  return (
    <section className="proof" aria-label={`Proof of entry ${seq}`}>
      <p className="field-hint">
        A C2SP tlog-proof: place, hashes up to the root, and the newest signed head. It is checked without
        Countersign, with the bundle’s verify.html or any tool that reads this format.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who scrolls with keys has to get into it. */}
      <pre className="one-entry-body" tabIndex={0}>
        <Inert text={proof} lines />
      </pre>
      <CopyButton text={proof}>Copy the proof</CopyButton>
    </section>
  );
}
