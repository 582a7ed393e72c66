import { useState } from 'react';
import { placeOf } from '../../shared/formats/shown-text.ts';
import type { Decision, Execution, Proposal, Trace, Watch } from '../../shared/vocabulary/proposal.ts';
import { call, messageOf } from '../state/call.ts';
import { useClock } from '../state/now.ts';
import { useRoom } from '../state/room.ts';
import { useView } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Inert } from '../ui/inert.tsx';
import { LineChart } from '../ui/line-chart.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { Time } from '../ui/time.tsx';
import { duration, measured } from '../ui/words.ts';
import { watchRange } from './watch-range.ts';

/** What became of it so far: who decided, each step of the execution, the effect as it is measured. */
export function ProgressPart({ proposal }: { proposal: Proposal }) {
  const { progress } = proposal;
  switch (progress.state) {
    case 'offered':
      return null;
    case 'denied':
      return <p className="outcome">The guard denied it; it was recorded and is not offered.</p>;
    case 'escalated':
      return <p className="outcome">The guard handed it to a human; see Escalations.</p>;
    case 'withdrawn':
      return (
        <p className="outcome">
          <Inert text={progress.person} /> withdrew it at <Time atMs={progress.atMs} />:{' '}
          <Inert text={progress.because} />
        </p>
      );
    case 'expired':
    case 'voided':
      return (
        <p className="outcome">
          {progress.state === 'expired' ? 'Expired' : 'Void'} at <Time atMs={progress.atMs} />:{' '}
          <Inert text={progress.because} />
        </p>
      );
    case 'judged':
      return (
        <>
          <DecisionLine decision={progress.decision} />
          <p className="outcome">
            <Inert text={progress.because} />
          </p>
        </>
      );
    case 'refused':
    case 'approved':
      return <DecisionLine decision={progress.decision} />;
    case 'executing':
      return (
        <>
          <DecisionLine decision={progress.decision} />
          <Steps execution={progress.execution} />
        </>
      );
    case 'failed':
      return (
        <>
          <DecisionLine decision={progress.decision} />
          <Steps execution={progress.execution} />
          <p className="outcome outcome-bad">
            Failed: <Inert text={progress.because} />
          </p>
        </>
      );
    case 'unknown':
      return (
        <>
          <DecisionLine decision={progress.decision} />
          <Steps execution={progress.execution} />
          <Resolve proposal={proposal} because={progress.because} trace={progress.trace} />
        </>
      );
    case 'watching':
      return (
        <>
          <DecisionLine decision={progress.decision} />
          <Steps execution={progress.execution} />
          <WatchPart proposal={proposal} watch={progress.watch} execution={progress.execution} running />
        </>
      );
    case 'done':
      return (
        <>
          <DecisionLine decision={progress.decision} />
          <Steps execution={progress.execution} />
          <WatchPart proposal={proposal} watch={progress.watch} execution={progress.execution} />
          <p className={`outcome outcome-${progress.outcome}`}>
            <Inert text={progress.sentence} />
          </p>
          {progress.backedOut && (
            <p className="outcome">
              Backed out at <Time atMs={progress.backedOut.atMs} /> by{' '}
              <BackOutLink by={progress.backedOut.by} />
            </p>
          )}
        </>
      );
    default:
      return progress satisfies never;
  }
}

function DecisionLine({ decision }: { decision: Decision }) {
  const { answer, person, atMs, reason, first } = decision;
  return (
    <>
      {first && <DecisionLine decision={first} />}
      <p className="decision">
        <strong>
          <Inert text={person} />
        </strong>{' '}
        {answer === 'approve' ? 'approved' : 'denied'} at <Time atMs={atMs} />
        {reason !== '' && (
          <>
            : <Inert text={reason} />
          </>
        )}
      </p>
    </>
  );
}

const Steps = ({ execution }: { execution: Execution }) => (
  <ol className="execution" aria-label="Steps">
    {execution.steps.map(({ atMs, sentence }) => (
      <li key={`${atMs} ${sentence}`}>
        <span className="muted">
          <Time atMs={atMs} />
        </span>
        <Inert text={sentence} />
      </li>
    ))}
    {execution.endedMs === null && (
      <li>
        <span className="spinner" aria-hidden />
        Working…
      </li>
    )}
  </ol>
);

type WatchPartProps = { proposal: Proposal; watch: Watch; execution: Execution; running?: boolean };

function WatchPart({ proposal, watch, execution, running = false }: WatchPartProps) {
  const nowMs = useClock(proposal.realm);
  const { metric, service, unit, threshold, comparison } = proposal.expectedEffect;
  const last = watch.samples.findLast(({ value }) => value !== null)?.value ?? null;
  const before = execution.intentMs;
  const timesMs = [before, ...watch.samples.map(({ atMs }) => atMs)];
  const values = [watch.before, ...watch.samples.map(({ value }) => value)];
  const words = `before ${measured(watch.before, unit)}, now ${measured(last, unit)}, expected ${comparison} ${measured(threshold, unit)}`;
  return (
    <figure className="watch">
      <figcaption>
        <span className="metric-name">
          <Inert text={`${service} ${metric}`} />
        </span>
        <span className="muted">{words}</span>
        {running && nowMs < watch.untilMs && (
          <span className="muted">watched for another {duration(watch.untilMs - nowMs)}</span>
        )}
      </figcaption>
      <LineChart
        label={`${service} ${metric}: ${words}`}
        height={96}
        timesMs={timesMs}
        values={values}
        unit={unit}
        threshold={threshold}
        range={watchRange(before, watch.samples)}
        marks={[{ atMs: before, label: 'executed' }]}
      />
    </figure>
  );
}

/** To the card of the proposal that undid it. */
function BackOutLink({ by }: { by: string }) {
  const title = useRoom((room) => room.proposals.find(({ id }) => id === by)?.title);
  return (
    <button type="button" className="link" onClick={() => useView.setState({ focusedProposal: by })}>
      <Inert text={title ?? by} />
    </button>
  );
}

const FOUND: Record<Trace['kind'], string> = {
  was: 'The target shows that it was applied',
  'was-not': 'The target shows that it was not applied',
  'cannot-tell': 'The target does not tell',
};

type ResolveProps = { proposal: Proposal; because: string; trace: Trace | undefined };

function Resolve({ proposal, because, trace }: ResolveProps) {
  const [applied, setApplied] = useState<boolean | null>(null);
  return (
    <div className="resolve" role="alert">
      <p>
        <strong>Nobody knows whether this was applied.</strong> <Inert text={because} /> Look at{' '}
        <code>
          <Inert text={placeOf(proposal.target)} />
        </code>{' '}
        in the cluster and say what you find; it is never tried again by itself.
      </p>
      <p>
        {trace ? (
          <>
            <strong>{FOUND[trace.kind]}</strong> (read back at <Time atMs={trace.atMs} />
            ): <Inert text={trace.evidence} />
          </>
        ) : (
          'It is read back as soon as the target can be reached.'
        )}
      </p>
      <div className="card-buttons">
        <Button small onClick={() => setApplied(true)}>
          It was applied…
        </Button>
        <Button small onClick={() => setApplied(false)}>
          It was not…
        </Button>
      </div>
      {applied !== null && (
        <ReasonDialog
          title={applied ? 'It was applied' : 'It was not applied'}
          about={<Inert text={proposal.title} />}
          label="How you know"
          keptAs={`resolve.${proposal.id}.${applied}`}
          action="Put it on record"
          onSubmit={(reason) =>
            call('proposals.resolve', { proposal: proposal.id, applied, reason }).then(
              () => undefined,
              (error: unknown) => {
                throw new Error(messageOf(error));
              },
            )
          }
          onClose={() => setApplied(null)}
        />
      )}
    </div>
  );
}
