/** What happens to requests, or to the pods that serve them, compared with an ordinary day. */
export type Effect = {
  /** Own time of a request, as a multiple. */
  latencyFactor: number;
  /** Share of requests that fail in the service itself. */
  errorShare: number;
  /** CPU time of a request, as a multiple. */
  workFactor: number;
  /** Calls made for a request, as a multiple. */
  fanOutFactor: number;
  /** Share of the room up to its memory limit that a pod loses in an hour. */
  leakPerHour: number;
  /** Cores that a pod burns on its node beside its requests, past its limit. */
  burnCores: number;
  /** What a provider takes, as a multiple of its quota. */
  capacityFactor: number;
};

export const noEffect: Effect = {
  latencyFactor: 1,
  errorShare: 0,
  workFactor: 1,
  fanOutFactor: 1,
  leakPerHour: 0,
  burnCores: 0,
  capacityFactor: 1,
};

/** The effect on all requests when this share of them meets it. */
export function diluted(effect: Effect, share: number): Effect {
  if (share >= 1) return effect;
  const factor = (value: number) => 1 + share * (value - 1);
  return {
    latencyFactor: factor(effect.latencyFactor),
    errorShare: share * effect.errorShare,
    workFactor: factor(effect.workFactor),
    fanOutFactor: factor(effect.fanOutFactor),
    leakPerHour: share * effect.leakPerHour,
    burnCores: share * effect.burnCores,
    capacityFactor: factor(effect.capacityFactor),
  };
}

/** Two effects at once: factors multiply, either failure fails a request. */
export function together(one: Effect, other: Effect): Effect {
  if (one === noEffect) return other;
  if (other === noEffect) return one;
  return {
    latencyFactor: one.latencyFactor * other.latencyFactor,
    errorShare: 1 - (1 - one.errorShare) * (1 - other.errorShare),
    workFactor: one.workFactor * other.workFactor,
    fanOutFactor: one.fanOutFactor * other.fanOutFactor,
    leakPerHour: one.leakPerHour + other.leakPerHour,
    burnCores: one.burnCores + other.burnCores,
    capacityFactor: one.capacityFactor * other.capacityFactor,
  };
}
