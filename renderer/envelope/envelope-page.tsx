import { useEffect, useState } from 'react';
import type { EnvelopeView } from '../../shared/vocabulary/envelope.ts';
import { call, messageOf } from '../state/call.ts';
import { useStatus } from '../state/host.ts';
import { Chip } from '../ui/chip.tsx';
import { Copyable } from '../ui/copyable.tsx';
import { Inert } from '../ui/inert.tsx';
import { Failed, Loading } from '../ui/panel-states.tsx';
import { sentenceCase } from '../ui/words.ts';
import './envelope.css';

/** What may be proposed at all, in words. */
export function EnvelopePage() {
  const stage = useStatus()?.stage;
  const [envelope, setEnvelope] = useState<EnvelopeView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const read = () => {
    setProblem(null);
    call('envelope.show', {})
      .then(setEnvelope)
      .catch((error: unknown) => setProblem(messageOf(error)));
  };
  useEffect(read, []);

  return (
    <div className="page">
      <div className="page-inner">
        <div className="page-head">
          <h1 className="page-title">Envelope</h1>
          {envelope && <Chip>Version {envelope.version}</Chip>}
          {stage && <Chip tone="accent">{sentenceCase(stage)}</Chip>}
        </div>
        {envelope ? (
          <Content envelope={envelope} />
        ) : problem ? (
          <Failed title="The envelope could not be read" message={problem} onRetry={read} />
        ) : (
          <Loading what="Reading the envelope" />
        )}
      </div>
    </div>
  );
}

function Content({ envelope }: { envelope: EnvelopeView }) {
  return (
    <div className="envelope">
      <p className="muted">
        The guard asks this document twice for each proposal: when it is made, and again on live state as it
        is executed. What it does not name cannot be done through Countersign.
      </p>
      <Section
        title="May be proposed"
        lines={envelope.mayPropose}
        none="Nothing: every proposal is denied."
      />
      <Section title="Ceremony" lines={envelope.tiers} none="No tier is named." />
      <Section title="Limits" lines={envelope.limits} none="No limit is named." />
      <section className="box envelope-section">
        <h2>Where it comes from</h2>
        <p>
          <Inert text={envelope.where} />
        </p>
        <Copyable text={envelope.digest} label="Copy the digest" />
      </section>
    </div>
  );
}

function Section({ title, lines, none }: { title: string; lines: string[]; none: string }) {
  return (
    <section className="box envelope-section">
      <h2>{title}</h2>
      {lines.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        <ul>
          {lines.map((line) => (
            <li key={line}>
              <Inert text={line} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
