import type { Alert, AlertSource } from '../source.ts';
import type { AlertNotice } from './alertmanager-webhook.ts';
import type { Receipt } from './inbox.ts';
import { Refusal } from './refusal.ts';

/**
 * The alerts that were told to fire and not yet to be over: what a look at the one who tells would find. A notification that
 * comes again changes nothing, and one that comes late does not bring back what is over.
 */
export function alertBox({ most = 10_000 }: { most?: number } = {}) {
  const firing = new Map<string, Alert>();
  /** When each alert that is over had begun: a notification of that time or before is an old one. */
  const over = new Map<string, number>();
  const listeners = new Set<() => void>();

  /** All of them or none. @throws Refusal where more would fire than can be kept. */
  function take(notices: readonly AlertNotice[]): Receipt {
    const fresh = notices.filter(({ firing: fires, alert }) => fires && isNews(alert));
    if (firing.size + fresh.length > most)
      throw new Refusal(429, `More than ${most} alerts fire already.`, { 'retry-after': '60' });
    const receipt: Receipt = { accepted: 0, repeated: 0, ignored: 0 };
    for (const { firing: fires, alert } of notices) {
      const isChange = fires ? begin(alert) : end(alert);
      receipt[isChange ? 'accepted' : 'repeated'] += 1;
    }
    if (receipt.accepted > 0) for (const tell of listeners) tell();
    return receipt;
  }

  const isNews = ({ fingerprint, startedMs }: Alert): boolean => {
    const [known, ended] = [firing.get(fingerprint)?.startedMs, over.get(fingerprint)];
    return (known === undefined || startedMs > known) && (ended === undefined || startedMs > ended);
  };

  function begin(alert: Alert): boolean {
    if (!isNews(alert)) return false;
    firing.set(alert.fingerprint, alert);
    return true;
  }

  function end({ fingerprint, startedMs }: Alert): boolean {
    const known = firing.get(fingerprint);
    const latest = Math.max(startedMs, over.get(fingerprint) ?? startedMs);
    over.delete(fingerprint);
    over.set(fingerprint, latest);
    const oldest = over.keys().next().value;
    if (over.size > most && oldest !== undefined) over.delete(oldest);
    return known !== undefined && known.startedMs <= startedMs && firing.delete(fingerprint);
  }

  return {
    take,
    count: () => firing.size,
    /** Once `ready`, which throws while nobody can tell anything. */
    source: (ready: () => Promise<unknown>): AlertSource => ({
      async firing() {
        await ready();
        return [...firing.values()];
      },
      onNews(tell) {
        listeners.add(tell);
        return () => listeners.delete(tell);
      },
    }),
  };
}
