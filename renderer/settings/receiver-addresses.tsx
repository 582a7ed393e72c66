import type { ReceivedKind, ReceiverAddress } from '../../shared/vocabulary/receiver-place.ts';
import { Copyable } from '../ui/copyable.tsx';
import { inertLine } from '../ui/inert-text.ts';
import './receiver-addresses.css';

/** What is sent, by whom, and how its sender proves itself. */
export const SENT: Record<ReceivedKind, { name: string; what: string; proof: string }> = {
  events: {
    name: 'Pipelines',
    what: 'CloudEvents and CDEvents',
    proof: 'CloudEvents and CDEvents; the secret as Authorization: Bearer',
  },
  alertmanager: {
    name: 'Alertmanager',
    what: 'Alerts of Alertmanager',
    proof: 'webhook_configs; the secret as http_config.authorization',
  },
  github: {
    name: 'GitHub',
    what: 'Webhooks of GitHub',
    proof: 'a webhook of JSON; the secret as its secret, which signs each delivery',
  },
  'argo-cd': {
    name: 'Argo CD',
    what: 'Notifications of Argo CD',
    proof: 'notifications; the secret as Authorization: Bearer',
  },
};

/** Where a receiver takes what others post, to be handed to them. */
export function ReceiverAddresses({ name, addresses }: { name: string; addresses: ReceiverAddress[] }) {
  return (
    <dl className="receiver-addresses" aria-label={`Addresses of ${inertLine(name)}`}>
      {addresses.map(({ kind, url }) => (
        <div key={kind}>
          <dt>{SENT[kind].name}</dt>
          <dd>
            <Copyable text={url} label={`Copy the address for ${SENT[kind].name}`} />
            <span className="muted">{SENT[kind].proof}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
