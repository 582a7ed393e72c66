import type { ReactNode } from 'react';
import { ProposalId, type Realm } from '../../shared/vocabulary/ids.ts';
import type { CitedSentence, WhySuggested } from '../../shared/vocabulary/why-suggested.ts';
import { Why } from '../ledger/why.tsx';
import { call } from '../state/call.ts';
import { useRead } from '../state/use-read.ts';
import { seekEvent, useView } from '../state/view.ts';
import { Dialog } from '../ui/dialog.tsx';
import { EvidenceLinks } from '../ui/evidence-links.tsx';
import { Inert } from '../ui/inert.tsx';
import { WhenRead } from '../ui/panel-states.tsx';
import { percent } from '../ui/words.ts';
import { entryAddress } from './router.ts';

const close = () => useView.setState({ explaining: null });

/** From a proposal back to what was seen: the hypothesis, what it quotes, what was read, and every entry behind it. */
export function WhySuggestedDialog() {
  const proposal = useView((view) => view.explaining);
  return proposal === null ? null : <Explained key={proposal} proposal={proposal} />;
}

function Explained({ proposal }: { proposal: string }) {
  const why = useRead(proposal, () => call('proposals.why', { proposal: ProposalId.parse(proposal) }));
  return (
    <Dialog title="Why this was suggested" wide onClose={close}>
      <WhenRead of={why} loading="Going back to what was seen" failed="What it rests on could not be read">
        {(found) => <Steps why={found} />}
      </WhenRead>
    </Dialog>
  );
}

function Steps({ why }: { why: WhySuggested }) {
  const { realm, entry, proposedBy, rationale, evidence, hypothesis } = why;
  return (
    <div className="why-steps">
      <Step title="The suggestion">
        <p>
          <Inert text={proposedBy} />: <Inert text={rationale} lines />{' '}
          <EntryLink realm={realm} seq={entry} />
        </p>
        <Sentences realm={realm} of={evidence} />
      </Step>
      {hypothesis && (
        <Step title="The hypothesis it follows from">
          <p>
            <Inert text={hypothesis.claim} />, believed {percent(hypothesis.confidence)}{' '}
            <EntryLink realm={realm} seq={hypothesis.entry} />
          </p>
          <h4>For</h4>
          <Sentences realm={realm} of={hypothesis.for} />
          <h4>Against</h4>
          <Sentences realm={realm} of={hypothesis.against} />
          {hypothesis.gaps.length > 0 && (
            <>
              <h4>Not known</h4>
              <ul>
                {hypothesis.gaps.map((gap) => (
                  <li key={gap}>
                    <Inert text={gap} />
                  </li>
                ))}
              </ul>
            </>
          )}
        </Step>
      )}
      {entry !== null && (
        <Step title="Every entry that led to it">
          <Why realm={realm} seq={entry} />
        </Step>
      )}
    </div>
  );
}

const Step = ({ title, children }: { title: string; children: ReactNode }) => (
  <section aria-label={title}>
    <h3 className="section-title">{title}</h3>
    {children}
  </section>
);

function Sentences({ realm, of }: { realm: Realm; of: readonly CitedSentence[] }) {
  if (of.length === 0) return <p className="muted">Nothing.</p>;
  const show = (key: string) => {
    close();
    seekEvent(key);
  };
  return (
    <ul>
      {of.map((one, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two sentences may read the same, and they never move.
        <li key={place}>
          <Inert text={one.sentence} />
          <EvidenceLinks keys={one.events.map(({ key }) => key)} onShow={show} />
          {one.quotes.map((quote) => (
            <q key={quote} className="why-quote">
              <Inert text={quote} />
            </q>
          ))}
          {one.reads.map(({ id, tool, found, entry }) => (
            <p key={id} className="muted why-read">
              Read with <code>{tool}</code>: <Inert text={found} /> <EntryLink realm={realm} seq={entry} />
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}

/** Goes to the entry in the ledger. */
function EntryLink({ realm, seq }: { realm: Realm; seq: number | null }) {
  if (seq === null) return null;
  return (
    <a href={entryAddress(realm, seq)} onClick={() => useView.setState({ explaining: null })}>
      entry {seq}
    </a>
  );
}
