import { type Clock, type OnTaskError, type ScaledClock, scaledClock } from '../platform/clock.ts';

/** The clock of drills, and how its speed is changed where it can be. */
export type DrillTime = Omit<ScaledClock, 'set'> & {
  /** How many times longer than usual the systems of a drill may take to answer. */
  patience: number;
};

/** Minutes instead of seconds: on a machine that is busy with something else a computed drill is slower, not another. */
const PATIENCE_OF_COMPUTED = 20;

/** Of a drill that somebody watches: what does not answer soon is told as down. */
export const watchedTime = (onError: OnTaskError): DrillTime => ({ ...scaledClock(onError), patience: 1 });

/** Of a drill that is computed: its clock stands still while a system answers, however long that takes. */
export const computedTime = (clock: Clock): DrillTime => ({
  clock,
  setSpeed: () => {},
  speed: () => 1,
  idle: async () => {},
  patience: PATIENCE_OF_COMPUTED,
});
