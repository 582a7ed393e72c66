import { EVERY_SENDER } from '../../../shared/vocabulary/receiver-sender.ts';
import type { Alert, AlertSource } from '../source.ts';
import type { AlertNotice } from './alertmanager-webhook.ts';
import type { Receipt } from './inbox.ts';
import { Refusal } from './refusal.ts';
import type { Sender } from './told.ts';

/** What one sender told: none can end, or keep firing, what another told. */
type Told = {
  firing: Map<string, Alert>;
  /** When each alert that is over had begun: a notification of that time or before is an old one. */
  over: Map<string, number>;
};

/**
 * The alerts that were told to fire and not yet to be over: what a look at those who tell would find. A notification that
 * comes again changes nothing, and one that comes late does not bring back what is over. An alert that several tell, as
 * the members of a cluster of Alertmanagers do, fires until the last of them says that it is over.
 */
export function alertBox({ most = 10_000 }: { most?: number } = {}) {
  const senders = new Map<string, Told>();
  /** Of senders that are no more, or were not heard since Countersign was started: they go on firing until another takes them over, or says that they are over. */
  const left = new Map<string, Alert>();
  /** When those that are over ended, as the last who told of each said. */
  const ends = new Map<string, number>();
  const listeners = new Set<() => void>();

  /** All of them or none. @throws Refusal where more would fire than can be kept. */
  function take(notices: readonly AlertNotice[], { id, name }: Sender): Receipt {
    const told = senders.get(id) ?? { firing: new Map(), over: new Map() };
    const fresh = notices.filter(({ firing, alert }) => firing && isNews(told, alert));
    demandRoom(told, fresh.length);
    senders.set(id, told);
    const receipt: Receipt = { accepted: 0, repeated: 0, ignored: 0 };
    for (const { firing, alert, endedMs } of notices) {
      const isChange = firing ? begin(told, sentBy(alert, { id, name })) : end(told, alert);
      if (isChange && !firing) keepEnd(alert, endedMs);
      receipt[isChange ? 'accepted' : 'repeated'] += 1;
    }
    if (receipt.accepted > 0) for (const tell of listeners) tell();
    return receipt;
  }

  /** Where it gets tight, it is those with more than their share who are refused. */
  function demandRoom(told: Told, more: number): void {
    const all = [...new Set([...senders.values(), told])];
    const sum = all.reduce((total, { firing }) => total + firing.size, left.size);
    const share = Math.floor(most / all.length);
    if (sum + more > most && told.firing.size + more > share)
      throw new Refusal(429, `More than ${most} alerts fire already.`, { 'retry-after': '60' });
  }

  const isNews = ({ firing, over }: Told, { fingerprint, startedMs }: Alert): boolean => {
    const [known, ended] = [firing.get(fingerprint)?.startedMs, over.get(fingerprint)];
    return (known === undefined || startedMs > known) && (ended === undefined || startedMs > ended);
  };

  function begin(told: Told, alert: Alert): boolean {
    if (!isNews(told, alert)) return false;
    told.firing.set(alert.fingerprint, alert);
    left.delete(alert.fingerprint);
    return true;
  }

  function end({ firing, over }: Told, { fingerprint, startedMs }: Alert): boolean {
    const known = firing.get(fingerprint);
    const latest = Math.max(startedMs, over.get(fingerprint) ?? startedMs);
    over.delete(fingerprint);
    over.set(fingerprint, latest);
    const oldest = over.keys().next().value;
    if (over.size > most && oldest !== undefined) over.delete(oldest);
    const orphan = left.get(fingerprint);
    const endsOrphan = orphan !== undefined && orphan.startedMs <= startedMs && left.delete(fingerprint);
    const endsOwn = known !== undefined && known.startedMs <= startedMs && firing.delete(fingerprint);
    return endsOwn || endsOrphan;
  }

  function keepEnd(alert: Alert, endedMs: number | undefined): void {
    ends.delete(firingOf(alert));
    if (endedMs === undefined) return;
    ends.set(firingOf(alert), endedMs);
    const oldest = ends.keys().next().value;
    if (ends.size > most && oldest !== undefined) ends.delete(oldest);
  }

  /** That a sender may send no more ends no alert: silence is no recovery. */
  function leave(id: string): void {
    for (const [fingerprint, alert] of senders.get(id)?.firing ?? []) left.set(fingerprint, alert);
    senders.delete(id);
  }

  /** What fired when Countersign was closed is as if its senders had left; what was told since is known better. */
  function resume(alerts: readonly Alert[]): void {
    const told = [...senders.values()];
    for (const alert of alerts.slice(0, most - left.size)) {
      const { fingerprint } = alert;
      if (!told.some(({ firing, over }) => firing.has(fingerprint) || over.has(fingerprint)))
        left.set(fingerprint, alert);
    }
    for (const tell of listeners) tell();
  }

  /** Each once: of those who tell the same, the one that saw it begin first. */
  function standing(): Alert[] {
    const found = new Map<string, Alert>();
    for (const firing of [...[...senders.values()].map((told) => told.firing), left])
      for (const [fingerprint, alert] of firing)
        if (alert.startedMs < (found.get(fingerprint)?.startedMs ?? Number.POSITIVE_INFINITY))
          found.set(fingerprint, alert);
    return [...found.values()];
  }

  return {
    take,
    leave,
    count: () => standing().length,
    /** Once `ready`, which throws while nobody can tell anything. */
    source: (ready: () => Promise<unknown>): AlertSource => ({
      startOf: 'firing',
      async firing() {
        await ready();
        return standing();
      },
      endedAt: (alert) => ends.get(firingOf(alert)) ?? null,
      resume,
      onNews(tell) {
        listeners.add(tell);
        return () => listeners.delete(tell);
      },
    }),
  };
}

/** One time that an alert fires. */
const firingOf = ({ fingerprint, startedMs }: Pick<Alert, 'fingerprint' | 'startedMs'>): string =>
  `${fingerprint}:${startedMs}`;

/** Whom it came from stands beside what it is grouped by. */
const sentBy = (alert: Alert, { id, name }: Sender): Alert =>
  id === EVERY_SENDER ? alert : { ...alert, sender: name };
