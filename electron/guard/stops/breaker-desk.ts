import { z } from 'zod';
import type { IncidentId } from '../../../shared/vocabulary/ids.ts';
import type { Proposal } from '../../../shared/vocabulary/proposal.ts';
import { BreakerName, type OpenBreaker } from '../../../shared/vocabulary/status.ts';
import type { Ledger, NewEntry } from '../../ledger/log.ts';
import type { Clock } from '../../platform/clock.ts';
import { Failure, messageOf } from '../../platform/failure.ts';
import type { Logger } from '../../platform/logger.ts';
import type { settingRepository } from '../../store/setting-repository.ts';
import { breakerCounts } from './breaker-counts.ts';
import {
  type AnalystSpent,
  type BreakerCounts,
  type BreakerLimits,
  type TrippedBreaker,
  trippedBreakers,
} from './breakers.ts';

/** Of each incident: when a person last closed its breakers, and which are open since when. */
const Kept = z.record(
  z.string(),
  z.object({ closedMs: z.number(), open: z.partialRecord(BreakerName, z.number()) }),
);
type KeptOne = z.infer<typeof Kept>[string];
const SETTING = 'breakers';

/** The windows go by while nothing happens. */
const LOOK_MS = 15_000;

/**
 * The breakers of one realm. They are open whenever the counts say so, whether or not anybody looked: the guard counts for
 * itself. This puts on record that one opened or closed, shows it, and takes the word of the person who closes one.
 */
export function breakerDesk(ports: {
  settings: ReturnType<typeof settingRepository>;
  ledger: Pick<Ledger, 'record'>;
  clock: Clock;
  /** Null while no envelope is in force: then nothing is offered at all. */
  limits(): BreakerLimits | null;
  openIncidents(): readonly IncidentId[];
  proposalsOf(incident: IncidentId): readonly Proposal[];
  /** Since a time: what a closed breaker forgave is not counted again. */
  spentOf(incident: IncidentId, sinceMs: number): AnalystSpent;
  /** A line on the incident's timeline. */
  onTold(incident: IncidentId, sentence: string): void;
  onStatus(): void;
  logger: Logger;
}) {
  const { settings, ledger, clock } = ports;
  let kept = settings.get(SETTING, Kept) ?? {};
  /** As of the last look: a screen is told often, and counting reads every proposal. */
  const shown = new Map<IncidentId, OpenBreaker[]>();
  const stopLooking = clock.every(LOOK_MS, async () => lookAtAll());

  const of = (incident: IncidentId): KeptOne => kept[incident] ?? { closedMs: 0, open: {} };

  function countsOf(incident: IncidentId, limits: BreakerLimits): BreakerCounts {
    const { closedMs } = of(incident);
    const spent = ports.spentOf(incident, closedMs);
    return breakerCounts(ports.proposalsOf(incident), spent, limits, { atMs: clock.now(), closedMs });
  }

  function trippedOf(incident: IncidentId): TrippedBreaker[] {
    const limits = ports.limits();
    return limits ? trippedBreakers(limits, countsOf(incident, limits)) : [];
  }

  function keep(incident: IncidentId, next: KeptOne, entries: NewEntry[]): void {
    const all = { ...kept, [incident]: next };
    ledger.record(entries, () => settings.put(SETTING, all));
    kept = all;
  }

  /** Whatever cannot be recorded, the guard still counts: a look is no reason for anything else to fail. */
  function look(incident: IncidentId): void {
    try {
      lookOnce(incident);
    } catch (error) {
      ports.logger.error({ incident, error: messageOf(error) }, 'a breaker could not be put on record');
    }
  }

  /** Records what opened or closed since the last look. */
  function lookOnce(incident: IncidentId): void {
    const { closedMs, open } = of(incident);
    const tripped = trippedOf(incident);
    const nowMs = clock.now();
    shown.set(
      incident,
      tripped.map((one) => ({ ...one, incident, openedMs: open[one.name] ?? nowMs })),
    );
    const opened = tripped.filter(({ name }) => open[name] === undefined);
    const closed = BreakerName.options.filter(
      (name) => open[name] !== undefined && !tripped.some((one) => one.name === name),
    );
    if (opened.length === 0 && closed.length === 0) return;
    const next = Object.fromEntries(tripped.map(({ name }) => [name, open[name] ?? nowMs]));
    keep(incident, { closedMs, open: next }, [
      ...opened.map(({ name, count, limit, sentence }) =>
        entry('breaker', incident, { breaker: name, count, limit, sentence }),
      ),
      ...closed.map((name) => entry('breaker.closed', incident, { breaker: name, because: PASSED })),
    ]);
    for (const { sentence } of opened)
      ports.onTold(incident, `A breaker opened: ${sentence}. Only back-outs are offered`);
    for (const name of closed) ports.onTold(incident, `The breaker “${name}” closed: ${PASSED}`);
    ports.onStatus();
  }

  function lookAtAll(): void {
    for (const incident of ports.openIncidents()) look(incident);
  }

  return {
    look,
    countsOf,
    closedMs: (incident: IncidentId): number => of(incident).closedMs,

    /** Those of incidents that are being worked, as of the last look. */
    open: (): OpenBreaker[] => ports.openIncidents().flatMap((incident) => shown.get(incident) ?? []),

    /**
     * A named person lets the incident go on: every count begins anew from this moment.
     * @throws Failure `conflict` when none is open, `bad_input` without a name or a reason.
     */
    close(incident: IncidentId, person: string, reason: string): void {
      if (person.trim() === '' || reason.trim() === '')
        throw new Failure(
          'bad_input',
          'Closing a breaker needs the name of the person who does it, and a reason',
        );
      const tripped = trippedOf(incident);
      if (tripped.length === 0) throw new Failure('conflict', 'No breaker of this incident is open');
      const breakers = tripped.map(({ name }) => name);
      keep(incident, { closedMs: clock.now(), open: {} }, [
        {
          kind: 'breaker.closed',
          incident,
          actor: { kind: 'person', name: person },
          body: { breakers, reason },
        },
      ]);
      shown.delete(incident);
      ports.onTold(incident, `${person} closed the breaker ${breakers.join(', ')}: ${reason}`);
      ports.onStatus();
    },

    end: stopLooking,
  };
}
export type BreakerDesk = ReturnType<typeof breakerDesk>;

const PASSED = 'the count fell below its limit';
const entry = (
  kind: 'breaker' | 'breaker.closed',
  incident: IncidentId,
  body: NewEntry['body'],
): NewEntry => ({ kind, incident, actor: { kind: 'guard', name: 'guard' }, body });
