import { useEffect } from 'react';
import { call } from '../state/call.ts';

const TELL_EVERY_MS = 30_000;

/** Tells the host, now and then, that a person is there; without it everything locks after the time that was set. */
export function useActivity(): void {
  useEffect(() => {
    let toldMs = Number.NEGATIVE_INFINITY;
    const onInput = () => {
      const nowMs = performance.now();
      if (nowMs - toldMs < TELL_EVERY_MS) return;
      toldMs = nowMs;
      call('identity.active', {}).catch(() => {
        // Not told, so it is tried with the next input.
        toldMs = Number.NEGATIVE_INFINITY;
      });
    };
    addEventListener('pointerdown', onInput, { capture: true, passive: true });
    addEventListener('keydown', onInput, { capture: true });
    return () => {
      removeEventListener('pointerdown', onInput, { capture: true });
      removeEventListener('keydown', onInput, { capture: true });
    };
  }, []);
}
