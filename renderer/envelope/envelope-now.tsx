import { ShieldCheck, ShieldX } from 'lucide-react';
import type { EnvelopeVersionView, EnvelopeView } from '../../shared/vocabulary/envelope.ts';
import { Copyable } from '../ui/copyable.tsx';
import { Inert } from '../ui/inert.tsx';
import { Time } from '../ui/time.tsx';

/** Whether it is in force: who signed and until when, or what is wrong and what to do. */
export function EnvelopeNow({ now, where }: { now: EnvelopeView['now']; where: string }) {
  if (now.kind === 'none') {
    return (
      <section className="box envelope-section envelope-none" role="alert">
        <h2>
          <ShieldX size={16} aria-hidden /> No envelope is in force
        </h2>
        <p>Countersign reads, and proposes nothing.</p>
        <p>
          <Inert text={now.because} />
        </p>
        <p className="muted">
          It is looked for in <Inert text={where} />
        </p>
      </section>
    );
  }
  return (
    <section className="box envelope-section">
      <h2>
        <ShieldCheck size={16} aria-hidden /> In force
      </h2>
      <dl className="envelope-facts">
        <dt>Signed by</dt>
        <dd>
          <Inert text={now.signer.name} />, {TRUSTED_AS[now.trustedAs]}, on{' '}
          <Time atMs={now.signedMs} as="day" />
        </dd>
        <dt>Valid until</dt>
        <dd>{now.untilMs === null ? 'it is replaced' : <Time atMs={now.untilMs} as="day" />}</dd>
        <dt>Digest</dt>
        <dd>
          <Copyable text={now.digest} label="Copy the digest" />
        </dd>
        <dt>Key</dt>
        <dd>
          <Copyable text={now.signer.publicKey} label="Copy the signer's key" />
        </dd>
        <dt>Read from</dt>
        <dd>
          <Inert text={where} />
        </dd>
      </dl>
    </section>
  );
}

/** Why the signer's word counts. */
export const TRUSTED_AS: Record<EnvelopeVersionView['trustedAs'], string> = {
  publisher: 'who publish Countersign',
  installation: 'an approver of this installation',
  approver: 'an approver named by the version before',
};
