import { useEffect, useState } from 'react';
import type { EnvelopeView } from '../../shared/vocabulary/envelope.ts';
import { call, messageOf } from '../state/call.ts';
import { useStatus } from '../state/host.ts';
import { Chip } from '../ui/chip.tsx';
import { Failed, Loading } from '../ui/panel-states.tsx';
import { sentenceCase } from '../ui/words.ts';
import { AllowedThen } from './allowed-then.tsx';
import { CredentialsPanel } from './credentials-panel.tsx';
import { EnvelopeContents } from './envelope-contents.tsx';
import { EnvelopeNow } from './envelope-now.tsx';
import { Evidence } from './evidence.tsx';
import { Versions } from './versions.tsx';
import './envelope.css';

/** What may be proposed at all, who signed for it, and what was allowed before. */
export function EnvelopePage() {
  const state = useStatus()?.envelope;
  // Another envelope, or none: what is shown is read again.
  const which = state?.kind === 'in-force' ? state.digest : state?.because;
  const [envelope, setEnvelope] = useState<EnvelopeView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const read = () => {
    setProblem(null);
    call('envelope.show', {})
      .then(setEnvelope)
      .catch((error: unknown) => setProblem(messageOf(error)));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: `which` is what makes it worth reading again
  useEffect(read, [which]);

  return (
    <div className="page">
      <div className="page-inner">
        <div className="page-head">
          <h1 className="page-title">Envelope</h1>
          {envelope && <Heading now={envelope.now} />}
        </div>
        {problem ? (
          <Failed title="The envelope could not be read" message={problem} onRetry={read} />
        ) : envelope ? (
          <Content envelope={envelope} />
        ) : (
          <Loading what="Reading the envelope" />
        )}
      </div>
    </div>
  );
}

function Heading({ now }: { now: EnvelopeView['now'] }) {
  if (now.kind === 'none') return <Chip tone="bad">Not in force</Chip>;
  return (
    <>
      <Chip>Version {now.version}</Chip>
      <Chip tone="accent">{sentenceCase(now.content.stage)}</Chip>
    </>
  );
}

function Content({ envelope: { now, where, versions, evidence } }: { envelope: EnvelopeView }) {
  return (
    <div className="envelope">
      <p className="muted">
        The guard asks this document twice for each proposal: when it is made, and again on live state as it
        is executed. What it does not permit cannot be done through Countersign. Drills run under the default
        that came with Countersign.
      </p>
      <EnvelopeNow now={now} where={where} />
      {now.kind === 'in-force' && <EnvelopeContents content={now.content} />}
      <CredentialsPanel />
      <Evidence evidence={evidence} />
      <Versions versions={versions} />
      <AllowedThen />
    </div>
  );
}
