import type { ReceivedKind, ReceiverAddress } from '../../shared/vocabulary/receiver-place.ts';
import { Copyable } from '../ui/copyable.tsx';
import { inertLine } from '../ui/inert-text.ts';
import './receiver-addresses.css';

/** Who is told which address. */
const senders: Record<ReceivedKind, { name: string; proof: string }> = {
  events: { name: 'Pipelines', proof: 'CloudEvents and CDEvents; the token as Authorization: Bearer' },
  alertmanager: { name: 'Alertmanager', proof: 'webhook_configs; the token as http_config.authorization' },
  github: { name: 'GitHub', proof: 'a webhook of JSON; the token as its secret, which signs each delivery' },
  'argo-cd': { name: 'Argo CD', proof: 'notifications; the token as Authorization: Bearer' },
};

/** Where a receiver takes what others post, to be handed to them. */
export function ReceiverAddresses({ name, addresses }: { name: string; addresses: ReceiverAddress[] }) {
  return (
    <dl className="receiver-addresses" aria-label={`Addresses of ${inertLine(name)}`}>
      {addresses.map(({ kind, url }) => (
        <div key={kind}>
          <dt>{senders[kind].name}</dt>
          <dd>
            <Copyable text={url} label={`Copy the address for ${senders[kind].name}`} />
            <span className="muted">{senders[kind].proof}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
