import type { Identity } from '../http/loopback.ts';
import type { Authorizer } from './rbac.ts';
import { forbidden } from './status.ts';

/**
 * As whom a request acts: its sender, or whoever they name, where they may impersonate them
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation). Whoever is named has the
 * groups that everybody of their sort has, and no others.
 */
export function actingAs(sender: Identity, user: string | undefined, may: Authorizer): Identity {
  if (user === undefined) return sender;
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  const asked = {
    verb: 'impersonate',
    group: '',
    resource: account === undefined ? 'users' : 'serviceaccounts',
    namespace,
    name: account ?? user,
  };
  if (may.mayDo(sender, asked) === null) throw forbidden(sender.user, asked);
  const ofAccounts = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  return { user, groups: [...(account === undefined ? [] : ofAccounts), 'system:authenticated'] };
}
