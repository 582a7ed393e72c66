import { useState } from 'react';
import type { Decision, Execution, Proposal, Watch } from '../../shared/vocabulary/proposal.ts';
import { call, messageOf } from '../state/call.ts';
import { useClock } from '../state/now.ts';
import { Button } from '../ui/button.tsx';
import { Inert } from '../ui/inert.tsx';
import { LineChart } from '../ui/line-chart.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { Time } from '../ui/time.tsx';
import { duration, measured } from '../ui/words.ts';

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
    case 'expired':
    case 'voided':
      return (
        <p className="outcome">
          {progress.state === 'expired' ? 'Expired' : 'Void'} at <Time atMs={progress.atMs} />:{' '}
          <Inert text={progress.because} />
        </p>
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
          <Resolve proposal={proposal} because={progress.because} />
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
        </>
      );
    default:
      return progress satisfies never;
  }
}

const DecisionLine = ({ decision: { answer, person, atMs, reason } }: { decision: Decision }) => (
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
);

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
        marks={[{ atMs: before, label: 'executed' }]}
      />
    </figure>
  );
}

function Resolve({ proposal, because }: { proposal: Proposal; because: string }) {
  const [applied, setApplied] = useState<boolean | null>(null);
  return (
    <div className="resolve" role="alert">
      <p>
        <strong>Nobody knows whether this was applied.</strong> <Inert text={because} /> Look at{' '}
        <code>
          <Inert text={`${proposal.target.namespace}/${proposal.target.name}`} />
        </code>{' '}
        in the cluster and say what you find; it is never tried again by itself.
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
