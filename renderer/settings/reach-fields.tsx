import { kindsWithTls } from '../../shared/vocabulary/connection-tls.ts';
import { TextAreaField, TextField } from '../ui/field.tsx';

export const NO_REACH = { tenant: '', authority: '', certificate: '', key: '' };
export type Reach = typeof NO_REACH;

/** Whose data is meant, and the certificates that both sides show. Most connections need none of it, so it is folded. */
export function ReachFields({ reach, onChange }: { reach: Reach; onChange(change: Partial<Reach>): void }) {
  return (
    <details className="reach-fields">
      <summary>Tenant and certificates</summary>
      <div className="connection-fields">
        <TextField
          label="Tenant"
          value={reach.tenant}
          maxLength={150}
          hint="Sent as X-Scope-OrgID, for a Mimir, Loki or Thanos that several share."
          onChange={(event) => onChange({ tenant: event.target.value })}
        />
        <Pem
          label="Certificate authority"
          hint="PEM of who vouches for it; then nobody else is believed."
          value={reach.authority}
          onChange={(authority) => onChange({ authority })}
        />
        <Pem
          label="Client certificate"
          hint="PEM of what we show, with what lies between it and the authority."
          value={reach.certificate}
          onChange={(certificate) => onChange({ certificate })}
        />
        <Pem
          label="Client key"
          hint="PEM without a passphrase. It goes into the vault."
          value={reach.key}
          isSecret
          onChange={(key) => onChange({ key })}
        />
      </div>
    </details>
  );
}

type PemProps = {
  label: string;
  hint: string;
  value: string;
  isSecret?: boolean;
  onChange(pem: string): void;
};

function Pem({ label, hint, value, isSecret = false, onChange }: PemProps) {
  return (
    <TextAreaField
      label={label}
      hint={hint}
      value={value}
      rows={3}
      className={isSecret ? 'input mono secret-text' : 'input mono'}
      placeholder={`-----BEGIN ${isSecret ? 'PRIVATE KEY' : 'CERTIFICATE'}-----`}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export const takesReach = (kind: string): boolean => kindsWithTls.includes(kind);

/** What was filled in; half of a pair is left for the schema to refuse. */
export function reachIn({ tenant, authority, certificate, key }: Reach) {
  const client = { certificate, key };
  const hasClient = certificate.trim() !== '' || key.trim() !== '';
  const hasAuthority = authority.trim() !== '';
  return {
    ...(tenant.trim() === '' ? {} : { tenant: tenant.trim() }),
    ...(hasClient || hasAuthority
      ? { tls: { ...(hasAuthority ? { authority } : {}), ...(hasClient ? { client } : {}) } }
      : {}),
  };
}
