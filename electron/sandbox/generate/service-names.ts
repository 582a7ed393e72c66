import type { Random } from '../random.ts';

/** Who works on what: a team, its namespace, and the parts of a business it looks after. */
const teams: readonly (readonly [namespace: string, domains: readonly string[]])[] = [
  ['storefront', ['home', 'catalog', 'search', 'reviews', 'wishlist', 'media']],
  ['checkout', ['cart', 'orders', 'promotions', 'pricing', 'tax', 'vouchers']],
  ['payments', ['payments', 'billing', 'refunds', 'fraud', 'invoices', 'payouts']],
  ['logistics', ['shipping', 'inventory', 'warehouse', 'returns', 'carriers', 'routing']],
  ['identity', ['accounts', 'sessions', 'consent', 'profiles', 'addresses', 'loyalty']],
  ['growth', ['campaigns', 'recommendations', 'experiments', 'referrals', 'ads', 'surveys']],
  ['partners', ['partners', 'sellers', 'listings', 'contracts', 'settlements', 'webhooks']],
  ['platform', ['features', 'notifications', 'geo', 'currency', 'audit', 'documents']],
];

const roles = {
  entry: ['web', 'gateway', 'mobile-api', 'partner-api', 'bff'],
  service: [
    'api',
    'service',
    'engine',
    'reader',
    'writer',
    'index',
    'rules',
    'sync',
    'planner',
    'feed',
    'lookup',
    'check',
  ],
  database: ['db', 'ledger-db', 'archive-db', 'events-db'],
  provider: ['provider', 'network', 'partner'],
} as const;

export type NamedAs = keyof typeof roles;

/** Names `<domain>-<role>` with the namespace of the domain's team, each once; somebody else's services live `outside`. */
export function serviceNames(
  random: Random,
): (as: NamedAs, index: number) => { name: string; namespace: string } {
  const domains = random.shuffle(
    teams.flatMap(([namespace, own]) => own.map((domain) => ({ namespace, domain }))),
  );
  const given = new Map<NamedAs, string[]>();
  for (const as of Object.keys(roles) as NamedAs[]) given.set(as, [...random.shuffle(roles[as])]);
  return (as, index) => {
    const { namespace, domain } = domains[index % domains.length] ?? random.pick(domains);
    const round = Math.floor(index / domains.length);
    const known = given.get(as) ?? [];
    // A large company has a second one of everything.
    const again = Math.floor(round / known.length);
    // Each domain begins elsewhere in the list, or the first services would all have the same role.
    const role = known[(round + index * 5) % known.length] ?? as;
    const name = `${domain}-${role}${again === 0 ? '' : `-${again + 1}`}`;
    return { name, namespace: as === 'provider' ? 'outside' : namespace };
  };
}
