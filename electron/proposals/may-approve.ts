import type { Tier } from '../../shared/vocabulary/proposal.ts';

/** A line of the envelope's `approvers`: who may approve which actions, where, and at which tiers. `*` is all. */
export type ListedApprover = {
  name: string;
  /** Base64 of the raw Ed25519 key; where it stands, it alone counts, whatever the person is called. */
  publicKey?: string | undefined;
  may: readonly { actions: readonly string[]; environments: readonly string[]; tiers: readonly Tier[] }[];
};

type Who = { person: string; publicKey: string };
type What = { action: string; environment: string | null; tier: Tier };

/** Why this person may not approve that under this list, in a sentence, or null. An empty list lets everybody. */
export function whyNotListed(approvers: readonly ListedApprover[], who: Who, what: What): string | null {
  if (approvers.length === 0) return null;
  const listed = approvers.find((approver) => isOf(approver, who));
  if (!listed) {
    const names = approvers.map(({ name }) => name).join(', ');
    return `The envelope does not list ${who.person} with this key among its approvers (${names})`;
  }
  const allows = listed.may.some(
    ({ actions, environments, tiers }) =>
      fits(actions, what.action) && fits(environments, what.environment) && tiers.includes(what.tier),
  );
  if (allows) return null;
  const where = what.environment === null ? 'outside every environment' : `in ${what.environment}`;
  return `The envelope does not let ${who.person} approve ${what.action} ${where} at tier ${what.tier}`;
}

/** Without a key it goes by the name exactly as it is kept: what only looks like it is somebody else. */
const isOf = ({ name, publicKey }: ListedApprover, who: Who): boolean =>
  publicKey === undefined ? name.normalize('NFKC') === who.person : publicKey === who.publicKey;

const fits = (allowed: readonly string[], value: string | null): boolean =>
  allowed.includes('*') || (value !== null && allowed.includes(value));
