import type { StopState } from '../../shared/vocabulary/status.ts';
import type { KillSwitch } from '../guard/stops/kill-switch.ts';
import { watchStopFile } from '../guard/stops/watch-stop-file.ts';
import { messageOf } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import type { RealmDesk } from './realm.ts';

/** What a stop reaches in a realm. */
export type Stoppable = Pick<RealmDesk, 'realm'> & {
  analyst: Pick<RealmDesk['analyst'], 'stopAll'>;
  proposals: Pick<RealmDesk['proposals'], 'voidAllOpen'>;
  incidents: Pick<RealmDesk['incidents'], 'openOnes'>;
  timeline: Pick<RealmDesk['timeline'], 'record'>;
};

/**
 * Carries a stop to everything that runs, and takes notice of the stop file from now on. Returns the way to end that.
 * INVARIANT: whatever fails on the way (a full disk, a broken log), every loop ends and every realm is tried.
 */
export function stopDesk(ports: {
  stop: KillSwitch;
  dataDir: string;
  realms: readonly Stoppable[];
  logger: Logger;
  onStatus(): void;
}): () => void {
  const { stop, realms, logger } = ports;

  function attempt(what: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      logger.error({ error: messageOf(error) }, what);
    }
  }

  function onChange(state: StopState): void {
    // The loops of all realms first: nothing that writes may keep one running.
    if (state.stopped) for (const { analyst } of realms) analyst.stopAll();
    ports.onStatus();
    for (const { proposals } of realms) {
      // What a stop could not void, for want of a disk, is void when it is lifted.
      attempt('open offers could not be voided', () => proposals.voidAllOpen(voidBecause(state)));
    }
    for (const { incidents, timeline } of realms) {
      attempt('a stop could not be shown on a timeline', () => {
        for (const { id } of incidents.openOnes())
          timeline.record(id, { sort: 'stop', ref: 'stop', service: null, title: titleOf(state) });
      });
    }
  }

  /** A stop that cannot be written holds all the same, and whoever made the file is not there to be told. */
  const look = () => attempt('the stop that the file made could not be put on record', stop.look);

  stop.onChange(onChange);
  look();
  return watchStopFile(ports.dataDir, look);
}

const voidBecause = (state: StopState): string =>
  state.stopped ? `Stopped by ${state.by}: ${state.reason}` : 'It was offered before everything was stopped';

const titleOf = (state: StopState): string =>
  state.stopped ? `${state.by} stopped everything: ${state.reason}` : 'The stop was lifted';
