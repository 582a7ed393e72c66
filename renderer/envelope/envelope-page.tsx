import type { EnvelopeView } from '../../shared/vocabulary/envelope.ts';
import { call } from '../state/call.ts';
import { useStatus } from '../state/host.ts';
import { useRead } from '../state/use-read.ts';
import { Chip } from '../ui/chip.tsx';
import { WhenRead } from '../ui/panel-states.tsx';
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
  const envelope = useRead('envelope', () => call('envelope.show', {}), which);

  return (
    <div className="page">
      <div className="page-inner">
        <div className="page-head">
          <h1 className="page-title">Envelope</h1>
          {envelope.value && <Heading now={envelope.value.now} />}
        </div>
        <WhenRead of={envelope} loading="Reading the envelope" failed="The envelope could not be read">
          {(view) => <Content envelope={view} />}
        </WhenRead>
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
