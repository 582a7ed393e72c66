import { Reply } from '../../shared/bridge/contract.ts';

/** As long as a name may get, from right to left in part, with signs that take two units of text and none of the width. */
const SERVICE = `${'orchestration-and-settlement-of-recurring-invoices-'.repeat(2)}الدفع-🧾`;
const WORDS =
  'while the regional gateway of the partner bank answers ever more slowly and the callers keep trying ' +
  'ثم تتراكم الطلبات في الطابور 🔥 until nothing is left of the connection pool of the settlement service';

/**
 * An answer of the host with long names in the place of short ones: the services of the drills, and what is said of them.
 * The keys of events stay, so that everything still finds everything.
 */
export function lengthen(reply: Reply): Reply {
  const json = JSON.stringify(reply, (name, value: unknown) => {
    if (typeof value !== 'string') return value;
    if (NAMES.has(name)) return value === 'checkout' || value === 'pricing' ? `${value}-${SERVICE}` : value;
    return SENTENCES.has(name) ? `${value} ${WORDS}`.slice(0, 300) : value;
  });
  return Reply.parse(JSON.parse(json));
}

const NAMES = new Set(['service', 'from', 'to', 'id']);
const SENTENCES = new Set(['title', 'claim', 'mechanism', 'sentence', 'rationale', 'disprovedBy']);
