import { UserRound, Users } from 'lucide-react';
import type { Identities } from '../../shared/vocabulary/identity.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { SelectField, TextField } from '../ui/field.tsx';
import { Inert } from '../ui/inert.tsx';
import { inertLine } from '../ui/inert-text.ts';

/** Who signs, and the passphrase when that is another person than the one at the controls. */
export type Decider = { identity: string; passphrase: string };

type WhoProps = {
  known: Identities;
  decider: Decider;
  onChange(decider: Decider): void;
};

/** Asks who is deciding, where several people do here. */
export function WhoDecides({ known, decider, onChange }: WhoProps) {
  const chosen = known.identities.find(({ id }) => id === decider.identity);
  if (known.identities.length < 2 || !chosen) return null;
  const takesOver = chosen.id !== known.current;
  return (
    <div className="who-decides">
      <SelectField
        label="Who is deciding?"
        value={decider.identity}
        onChange={(event) => onChange({ identity: event.target.value, passphrase: '' })}
      >
        {known.identities.map(({ id, name }) => (
          <option key={id} value={id}>
            {inertLine(name)}
          </option>
        ))}
      </SelectField>
      {takesOver && chosen.asksPassphrase && (
        <TextField
          label={`Passphrase of ${inertLine(chosen.name)}`}
          type="password"
          autoComplete="current-password"
          value={decider.passphrase}
          hint="It opens their own key, and leaves them at the controls."
          onChange={(event) => onChange({ ...decider, passphrase: event.target.value })}
        />
      )}
    </div>
  );
}

/** Who is proposed to decide: the one at the controls, or after their approval somebody else. */
export function likelyDecider({ identities, current }: Identities, { progress }: Proposal): string {
  const first = progress.state === 'offered' ? progress.approvals?.[0] : undefined;
  const mine = identities.find(({ id }) => id === current);
  if (!first || mine?.name !== first.person) return current;
  return identities.find(({ name }) => name !== first.person)?.id ?? current;
}

/** What has been said of the two who must approve it. */
export function TwoPeople({ proposal: { progress } }: { proposal: Proposal }) {
  const first = progress.state === 'offered' ? progress.approvals?.[0] : undefined;
  const Icon = first ? UserRound : Users;
  return (
    <p className="two-person">
      <Icon size={14} aria-hidden />
      <span>
        {first ? (
          <>
            <Inert text={first.person} /> approved it. It takes the approval of somebody else, with a key of
            their own, before anything is executed.
          </>
        ) : (
          'Two people must approve this, each with a key of their own, before anything is executed.'
        )}
      </span>
    </p>
  );
}
