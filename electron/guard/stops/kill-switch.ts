import { type StopMeans, StopState } from '../../../shared/vocabulary/status.ts';
import type { Ledger } from '../../ledger/log.ts';
import type { Clock } from '../../platform/clock.ts';
import { Failure } from '../../platform/failure.ts';
import type { settingRepository } from '../../store/setting-repository.ts';
import { STOP_FILE, type StopFile } from './stop-file.ts';

/** Where the state is kept in the data file of real incidents. */
export const STOP_SETTING = 'stop';

/**
 * The human stop. It stands in three places: in memory, where it is in force first; as a file in the data directory,
 * which any program can make; and in the store, with the ledger entry that records it. It survives a restart in either
 * of the last two.
 * INVARIANT: it is in force before anyone is told of it, and only a named person with a reason lifts it.
 */
export function killSwitch(ports: {
  settings: ReturnType<typeof settingRepository>;
  ledger: Pick<Ledger, 'record'>;
  clock: Pick<Clock, 'now'>;
  file: StopFile;
}) {
  const { settings, ledger, clock, file } = ports;
  const listeners = new Set<(state: StopState) => void>();
  let halting = new AbortController();
  let state: StopState = settings.get(STOP_SETTING, StopState) ?? { stopped: false };
  /** What the file says is in force before anything can be asked; `look` puts it on record. */
  let unrecorded = false;
  if (state.stopped) halting.abort(state.reason);
  takeFile();

  function takeFile(): void {
    const reason = state.stopped ? null : file.reason();
    if (reason === null) return;
    state = { stopped: true, by: BY_FILE, reason, atMs: clock.now(), how: 'file' };
    unrecorded = true;
    halting.abort(state.reason);
  }

  function tell(): void {
    for (const listener of listeners) listener(state);
  }

  /** The file first: it needs no database. Both are tried, and the first that failed is told of. */
  function keep(stopped: Extract<StopState, { stopped: true }>): void {
    const failed: unknown[] = [];
    for (const write of [() => file.write(stopped.reason), () => record(stopped)]) {
      try {
        write();
      } catch (error) {
        failed.push(error);
      }
    }
    tell();
    if (failed.length > 0) throw failed[0];
  }

  function record(stopped: Extract<StopState, { stopped: true }>): void {
    const { by, reason, how = 'screen' } = stopped;
    const actor = how === 'file' ? HOST : ({ kind: 'person', name: by } as const);
    ledger.record({ kind: 'stop', actor, body: { reason, how } }, () => settings.put(STOP_SETTING, stopped));
  }

  return {
    state: (): StopState => state,
    /** Aborts with the stop, before anything is written: what takes a while (a drain) halts at its next step. */
    signal: (): AbortSignal => halting.signal,

    engage(person: string, reason: string, how: StopMeans = 'screen'): void {
      if (state.stopped) return;
      const stopped = { stopped: true as const, by: person, reason, atMs: clock.now(), how };
      state = stopped;
      halting.abort(reason);
      keep(stopped);
    },

    /** Takes notice of the file, and puts on record a stop that only it made. */
    look(): void {
      takeFile();
      if (!unrecorded || !state.stopped) return;
      unrecorded = false;
      keep(state);
    },

    /**
     * @throws Failure `conflict` when nothing is stopped, `bad_input` without a name or a reason, `storage` when the file
     * stays; then, as when it cannot be written, the stop has not been lifted.
     */
    lift(person: string, reason: string): void {
      const before = state;
      if (!before.stopped) throw new Failure('conflict', 'Nothing is stopped');
      if (person.trim() === '')
        throw new Failure('bad_input', 'Lifting a stop needs the name of the person who does it');
      if (reason.trim() === '') throw new Failure('bad_input', 'Lifting a stop needs a reason');
      file.remove();
      const actor = { kind: 'person', name: person } as const;
      const lifted = { stopped: false } as const;
      try {
        ledger.record({ kind: 'stop.lifted', actor, body: { reason } }, () =>
          settings.put(STOP_SETTING, lifted),
        );
      } catch (error) {
        file.write(before.reason);
        tell();
        throw error;
      }
      unrecorded = false;
      halting = new AbortController();
      state = lifted;
      tell();
    },

    onChange: (listener: (state: StopState) => void): void => void listeners.add(listener),
  };
}

export type KillSwitch = ReturnType<typeof killSwitch>;

const BY_FILE = `the file ${STOP_FILE}`;
const HOST = { kind: 'host', name: 'countersign' } as const;
