import { Lock } from 'lucide-react';
import { type RefObject, useEffect, useId, useRef } from 'react';
import type { Proposal, ProposalState } from '../../shared/vocabulary/proposal.ts';
import { call, messageOf } from '../state/call.ts';
import { useStatus, useStopped } from '../state/host.ts';
import { useCurrentIdentity } from '../state/identities.ts';
import { useClock } from '../state/now.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { seekEvent, useView } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { EvidenceLinks } from '../ui/evidence-links.tsx';
import { Inert } from '../ui/inert.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Problem } from '../ui/panel-states.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { duration } from '../ui/words.ts';
import { approvalOf, canBackOut, digestOfShown, obstacleTo, tierOf } from './approval.ts';
import { CardActions } from './card-actions.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { OutsiderLine } from './outsider-line.tsx';
import { ProgressPart } from './progress-part.tsx';
import { RecheckLine, useRecheck, useRecheckOnce } from './recheck-line.tsx';
import { ShownBlock } from './shown-block.tsx';
import { stateLook } from './state-look.ts';
import { type Decider, TwoPeople } from './who-decides.tsx';

/** One write that someone may approve, with all that an approval rests on in view. */
export function ProposalCard({ proposal }: { proposal: Proposal }) {
  const { recheck, problem: recheckProblem, ask } = useRecheck(proposal);
  const approving = useView((view) => view.approving === proposal.id);
  const denying = useView((view) => view.denying === proposal.id);
  const { busy, problem, attempt, tell } = useAttempt();
  const article = useRef<HTMLElement>(null);
  const stopped = useStopped();
  const identity = useCurrentIdentity();
  useRecheckOnce(ask);
  useFocusOnceDecided(proposal, article);

  const open = proposal.progress.state === 'offered';
  const drifted = open && recheck?.answer.kind === 'drifted';
  const tier = tierOf(proposal);
  const obstacle = open ? obstacleTo(recheck) : null;
  const obstacleId = useId();
  const { word, tone } = stateLook(proposal.progress);

  const approve = (typedTarget?: string, decider?: Decider & { takesOver: boolean }) =>
    attempt(async () => {
      const by = decider?.identity ?? identity?.id;
      const approval = await approvalOf(proposal, typedTarget);
      if (decider?.takesOver) {
        const { passphrase } = decider;
        await call('identity.use', { identity: decider.identity, passphrase });
      }
      await call('proposals.approve', by === undefined ? approval : { ...approval, by });
      closeApproval();
    });
  const begin = () => {
    tell(null);
    if (tier === 'ack') void approve();
    else useView.setState({ approving: proposal.id });
  };
  const backOut = () =>
    attempt(async () => {
      const undo = await call('proposals.backOut', { proposal: proposal.id });
      useView.setState({ focusedProposal: undo.id });
    });

  const text = (
    <>
      <ShownBlock proposal={proposal} />
      <Basis proposal={proposal} />
    </>
  );
  const strip = (
    <div className={`strip ${open ? 'strip-open' : ''}`}>
      {open && <RecheckLine proposal={proposal} recheck={recheck} problem={recheckProblem} />}
      {open && !drifted && <ShownBlock proposal={proposal} only={STRIP} />}
      {open && tier === 'two-person' && <TwoPeople proposal={proposal} />}
      {open && identity?.state === 'locked' && proposal.realm === 'real' && (
        <p className="strip-locked">
          <Lock size={13} aria-hidden />
          <span>
            Locked. Approving asks <Inert text={identity.name} /> for their passphrase; reading goes on.
          </span>
        </p>
      )}
      {open && stopped && (
        <p className="strip-stopped">
          Everything is stopped; nothing can be approved until the stop is lifted.
        </p>
      )}
      {obstacle && recheck && !drifted && (
        <p id={obstacleId} className="strip-stopped">
          It cannot be approved: {obstacle}.
        </p>
      )}
      <div className="card-buttons">
        <Button
          look={open && !drifted ? 'primary' : 'plain'}
          disabled={!open || obstacle !== null || busy || stopped}
          aria-describedby={obstacle && recheck && !drifted ? obstacleId : undefined}
          data-action="approve"
          onClick={begin}
        >
          Approve
        </Button>
        <Button
          disabled={!open || busy}
          data-action="deny"
          onClick={() => useView.setState({ denying: proposal.id })}
        >
          Deny
        </Button>
        <CardActions proposal={proposal} />
        <span className="panel-gap" />
        <Button
          disabled={!canBackOut(proposal) || busy}
          title="Makes the proposal that undoes this one; it is decided like any other"
          data-action="back-out"
          onClick={() => void backOut()}
        >
          Back out
        </Button>
      </div>
    </div>
  );

  return (
    <article
      ref={article}
      tabIndex={-1}
      className={`card ${drifted ? 'card-drifted' : ''} ${open && !drifted ? 'card-open' : ''}`}
      aria-label={`Proposal: ${inertLine(proposal.title)}`}
      data-proposal={proposal.id}
      onFocus={() => {
        useView.setState({ focusedProposal: proposal.id });
        ask();
      }}
      onPointerEnter={ask}
    >
      <header className="card-head">
        <h3 className="card-title">
          <Inert text={proposal.title} />
        </h3>
        <Chip tone={drifted ? 'plain' : tone}>{drifted ? 'Changed since' : word}</Chip>
      </header>
      <Age proposal={proposal} />
      <OutsiderLine proposal={proposal} />
      {open ? (
        <>
          {text}
          {strip}
        </>
      ) : (
        <>
          <ProgressPart proposal={proposal} />
          {strip}
          {text}
        </>
      )}
      {problem && <Problem>{problem}</Problem>}
      {approving && (
        <ConfirmDialog
          proposal={proposal}
          busy={busy}
          problem={problem}
          onApprove={(typed, decider) => void approve(typed, decider)}
          onClose={closeApproval}
        />
      )}
      {denying && (
        <ReasonDialog
          title="Deny this proposal"
          about={<Inert text={proposal.title} />}
          keptAs={`deny.${proposal.id}`}
          action="Deny it"
          onSubmit={async (reason) => {
            try {
              await call('proposals.deny', {
                proposal: proposal.id,
                shownDigest: await digestOfShown(proposal),
                ...(identity ? { by: identity.id } : {}),
                reason,
              });
            } catch (error) {
              throw new Error(messageOf(error));
            }
          }}
          onClose={() => useView.setState({ denying: null })}
        />
      )}
    </article>
  );
}

const closeApproval = () => useView.setState({ approving: null });

/** What stands again beside the button that approves, at every tier: the rest of the card scrolls, this does not. */
const STRIP = ['Blast radius', 'Back-out'];

function Age({ proposal }: { proposal: Proposal }) {
  const nowMs = useClock(proposal.realm);
  const person = useStatus()?.person;
  const { kind, name } = proposal.proposedBy;
  const by =
    kind === 'analyst'
      ? 'the analyst'
      : kind === 'host'
        ? 'Countersign, because it got worse'
        : name === person
          ? 'you'
          : inertLine(name);
  const left = proposal.expiresMs - nowMs;
  return (
    <p className="card-age" title={kind === 'analyst' ? inertLine(name) : undefined}>
      Suggested {duration(nowMs - proposal.proposedMs)} ago by {by}
      {proposal.backsOut !== null && ' · undoes an earlier one'}
      {proposal.revises !== null && ' · in the place of an earlier one'}
      {proposal.progress.state === 'offered' &&
        (left > 0 ? ` · expires in ${duration(left)}` : ' · is about to expire')}{' '}
      <button type="button" className="link" onClick={() => useView.setState({ explaining: proposal.id })}>
        Why this?
      </button>
    </p>
  );
}

/** What it stands on beyond the text that is signed: facts of the timeline and preconditions. */
function Basis({ proposal: { evidence, preconditions } }: { proposal: Proposal }) {
  if (evidence.length === 0 && preconditions.length === 0) return null;
  return (
    <details className="basis">
      <summary>Evidence and preconditions</summary>
      <ul>
        {evidence.map(({ sentence, events }) => (
          <li key={sentence}>
            <Inert text={sentence} />
            <EvidenceLinks keys={events} onShow={seekEvent} />
          </li>
        ))}
        {preconditions.map((precondition) => (
          <li key={precondition}>
            Needs: <Inert text={precondition} />
          </li>
        ))}
      </ul>
    </details>
  );
}

/** After a decision its button is spent; the card takes the focus and shows from its top what becomes of it. */
function useFocusOnceDecided(
  { progress: { state } }: Proposal,
  article: RefObject<HTMLElement | null>,
): void {
  const before = useRef(state);
  useEffect(() => {
    const decided = before.current === 'offered' && !UNDECIDED.has(state);
    before.current = state;
    if (!decided) return;
    // After a dialog gave the focus back, which for a spent button is nowhere. The next state, which may come sooner,
    // must not call this off; a card that is gone by then is looked for in vain.
    setTimeout(() => {
      const card = article.current;
      if (!card || !isNowhere(document.activeElement, card)) return;
      card.focus({ preventScroll: true });
      card.scrollIntoView({ block: 'start' });
    }, FOCUS_AFTER_MS);
  }, [state, article]);
}

/** Whoever went on to another button of the card meanwhile keeps the focus there. */
const isNowhere = (active: Element | null, card: HTMLElement): boolean =>
  active === null ||
  active === document.body ||
  active.matches('main') ||
  active === card ||
  (card.contains(active) && active.matches(':disabled'));

const FOCUS_AFTER_MS = 60;
const UNDECIDED: ReadonlySet<ProposalState> = new Set(['offered', 'expired', 'voided', 'withdrawn']);
