import { StopState } from '../../shared/vocabulary/status.ts';
import type { Ledger } from '../ledger/log.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import type { settingRepository } from '../store/setting-repository.ts';

const SETTING = 'stop';

/**
 * The human stop. Its state is stored with the ledger entry that records it, so it survives a restart. INVARIANT: it is
 * in force before anyone is told of it, and only a named person with a reason lifts it.
 */
export function killSwitch(ports: {
  settings: ReturnType<typeof settingRepository>;
  ledger: Ledger;
  clock: Clock;
}) {
  const { settings, ledger, clock } = ports;
  const listeners = new Set<(state: StopState) => void>();
  let state: StopState = settings.get(SETTING, StopState) ?? { stopped: false };

  function become(next: StopState, kind: 'stop' | 'stop.lifted', person: string, reason: string): void {
    const before = state;
    state = next;
    try {
      ledger.record({ kind, actor: { kind: 'person', name: person }, body: { reason } }, () =>
        settings.put(SETTING, next),
      );
    } catch (error) {
      // A stop holds even when it cannot be written; a lift that cannot be written has not happened.
      if (kind === 'stop.lifted') state = before;
      for (const listener of listeners) listener(state);
      throw error;
    }
    for (const listener of listeners) listener(state);
  }

  return {
    state: (): StopState => state,
    engage(person: string, reason: string): void {
      if (state.stopped) return;
      become({ stopped: true, by: person, reason, atMs: clock.now() }, 'stop', person, reason);
    },
    /** @throws Failure `conflict` when nothing is stopped, `bad_input` without a name. */
    lift(person: string, reason: string): void {
      if (!state.stopped) throw new Failure('conflict', 'Nothing is stopped');
      if (person.trim() === '')
        throw new Failure('bad_input', 'Lifting a stop needs the name of the person who does it');
      become({ stopped: false }, 'stop.lifted', person, reason);
    },
    onChange: (listener: (state: StopState) => void): void => void listeners.add(listener),
  };
}
