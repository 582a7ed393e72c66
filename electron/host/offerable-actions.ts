import type { Action } from '../actions/action.ts';
import type { LoadedEnvelope } from '../guard/envelope/loaded-envelope.ts';
import { mayBeOffered } from '../guard/may-be-offered.ts';

/**
 * The actions that the envelope in force could ever offer: only these can the analyst propose. Without an envelope there is
 * none. What it permits for objects of certain names alone is left to people to propose, as `mayBeOffered` says. Asked anew
 * where the envelope is another one than before.
 */
export function offerableActions(actions: readonly Action[], loaded: () => LoadedEnvelope | null) {
  let held: { digest: string; actions: Action[] } | undefined;
  return (): readonly Action[] => {
    const envelope = loaded();
    if (!envelope) return [];
    if (held?.digest !== envelope.digest) {
      const offered = new Set(mayBeOffered(envelope).map(({ action }) => action));
      held = { digest: envelope.digest, actions: actions.filter(({ name }) => offered.has(name)) };
    }
    return held.actions;
  };
}
