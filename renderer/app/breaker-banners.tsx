import { Unplug } from 'lucide-react';
import { useState } from 'react';
import type { OpenBreaker } from '../../shared/vocabulary/status.ts';
import { call, messageOf } from '../state/call.ts';
import { useHost } from '../state/host.ts';
import { Button } from '../ui/button.tsx';
import { Inert } from '../ui/inert.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';

/** What stopped new offers by itself, one banner an incident: every limit that was reached, with its count. */
export function BreakerBanners({ breakers }: { breakers: readonly OpenBreaker[] }) {
  const [closing, setClosing] = useState<OpenBreaker['incident'] | null>(null);
  const incidents = [...new Set(breakers.map(({ incident }) => incident))];
  return (
    <>
      {incidents.map((incident) => (
        <Banner
          key={incident}
          incident={incident}
          breakers={breakers.filter((one) => one.incident === incident)}
          onClose={() => setClosing(incident)}
        />
      ))}
      {closing !== null && incidents.includes(closing) && (
        <ReasonDialog
          title="Close the breaker?"
          about="New actions can be offered again, and every count of this incident begins anew from now. Your name and reason go on record."
          keptAs={`breaker.${closing}`}
          action="Close it"
          placeholder="Why it is safe to go on"
          onSubmit={(reason) => call('breakers.close', { incident: closing, reason }).then(nothing, failed)}
          onClose={() => setClosing(null)}
        />
      )}
    </>
  );
}

function Banner(props: { incident: string; breakers: readonly OpenBreaker[]; onClose(): void }) {
  const title = useHost((host) => host.incidents?.find(({ id }) => id === props.incident)?.title);
  return (
    <div className="banner banner-breaker" role="alert">
      <Unplug size={16} aria-hidden />
      <p>
        <strong>A breaker is open</strong> in <Inert text={title ?? 'an incident'} />:{' '}
        {props.breakers.map(({ name, sentence, closes }) => (
          <span key={name}>
            <Inert text={sentence} />. It closes when {closes}.{' '}
          </span>
        ))}
        Until then only back-outs are offered.
      </p>
      <Button onClick={props.onClose}>Close the breaker</Button>
    </div>
  );
}

const nothing = () => undefined;
const failed = (error: unknown): never => {
  throw new Error(messageOf(error));
};
