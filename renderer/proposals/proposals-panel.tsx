import { useEffect, useRef, useState } from 'react';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { useIntent } from '../state/intents.ts';
import { useRoom } from '../state/room.ts';
import { useView } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/panel-states.tsx';
import { canBackOut, isSettled, tierOf } from './approval.ts';
import { ProposalCard } from './proposal-card.tsx';
import { ProposeDialog } from './propose-dialog.tsx';
import './proposals.css';

const NONE: Proposal[] = [];

/**
 * The cards. One that is settled while it is looked at stays where it is until it is put away or the room is left, so
 * that nothing moves under the cursor.
 */
export function ProposalsPanel() {
  const proposals = useRoom((room) => room.proposals) ?? NONE;
  const [putAway, setPutAway] = useState<ReadonlySet<string>>(() => settledOf(proposals));
  const [search, setSearch] = useState('');
  const [proposing, setProposing] = useState(false);
  const incident = useRoom((room) => (room.incident.status === 'closed' ? undefined : room.incident.id));
  useIntent('proposal.propose', () => setProposing(incident !== undefined));
  const shown = proposals.filter(({ id }) => !putAway.has(id));
  const away = proposals.filter(({ id }) => putAway.has(id));
  const settled = shown.filter(isSettled);
  const open = shown.filter(({ progress }) => progress.state === 'offered').length;
  useKeys(shown);
  useNewCardInView();

  const found = away.filter(({ title }) => title.toLowerCase().includes(search.toLowerCase()));
  return (
    <section
      className={`panel proposals ${shown.length === 0 ? 'proposals-none' : ''}`}
      aria-label="Proposals"
    >
      <div className="panel-head">
        <h2 className="panel-title">Proposals</h2>
        <span className="panel-count">{open > 0 ? `${open} open` : ''}</span>
        <span className="panel-gap" />
        {incident && (
          <Button small look="quiet" onClick={() => setProposing(true)}>
            Propose an action…
          </Button>
        )}
        {settled.length > 0 && (
          <Button small look="quiet" onClick={() => setPutAway(settledOf(proposals))}>
            Put away {settled.length} settled
          </Button>
        )}
      </div>
      {shown.length === 0 && (
        <Empty title="Nothing to decide.">
          <p>
            When the analyst suggests an action that the envelope allows, its card appears here and waits for
            you.
          </p>
        </Empty>
      )}
      <div className="cards">
        {shown.map((proposal) => (
          <ProposalCard key={proposal.id} proposal={proposal} />
        ))}
      </div>
      {away.length > 0 && (
        <details className="decided">
          <summary>Decided ({away.length})</summary>
          <input
            type="search"
            className="input"
            aria-label="Search the decided proposals"
            placeholder="Search the decided"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <div className="cards">
            {found.map((proposal) => (
              <ProposalCard key={proposal.id} proposal={proposal} />
            ))}
          </div>
        </details>
      )}
      {proposing && incident && <ProposeDialog incident={incident} onClose={() => setProposing(false)} />}
    </section>
  );
}

const settledOf = (proposals: Proposal[]) => new Set(proposals.filter(isSettled).map(({ id }) => id));

const buttonOf = (id: string, action: 'approve' | 'deny' | 'back-out') =>
  document.querySelector<HTMLButtonElement>(`[data-proposal="${CSS.escape(id)}"] [data-action="${action}"]`);

/** `a`, `d` and `b` act on the focused card, or on the first that they can act on. None of them approves. */
function useKeys(shown: Proposal[]): void {
  const pick = (fits: (proposal: Proposal) => boolean, candidates = shown) => {
    const focused = candidates.find(({ id }) => id === useView.getState().focusedProposal);
    return focused && fits(focused) ? focused : candidates.find(fits);
  };
  const isOpen = ({ progress }: Proposal) => progress.state === 'offered';

  useIntent('proposal.approve', () => {
    const proposal = pick(isOpen);
    if (!proposal) return;
    const button = buttonOf(proposal.id, 'approve');
    button?.scrollIntoView({ block: 'nearest' });
    button?.focus();
    // One click of a tier above `ack` opens a dialog, so it may be opened; the click of `ack` approves, so it may not.
    if (tierOf(proposal) !== 'ack' && button?.disabled === false)
      useView.setState({ approving: proposal.id });
  });
  useIntent('proposal.deny', () => {
    const proposal = pick(isOpen);
    if (proposal) useView.setState({ denying: proposal.id });
  });
  useIntent('proposal.backOut', () => {
    const proposal = pick(canBackOut, shown.toReversed());
    if (!proposal) return;
    const button = buttonOf(proposal.id, 'back-out');
    button?.focus();
    button?.click();
  });
}

/** The card that undoes another is brought into view once it is there. */
function useNewCardInView(): void {
  const focused = useView((view) => view.focusedProposal);
  const last = useRef(focused);
  useEffect(() => {
    if (focused === null || focused === last.current) return;
    last.current = focused;
    const frame = requestAnimationFrame(() => {
      document
        .querySelector(`[data-proposal="${CSS.escape(focused)}"]`)
        ?.scrollIntoView({ block: 'nearest' });
    });
    return () => cancelAnimationFrame(frame);
  }, [focused]);
}
