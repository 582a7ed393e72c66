import { diluted, type Effect, noEffect, together } from './effect.ts';

/** What must hold for an influence to be felt. */
export type Condition =
  | { kind: 'always' }
  /** Felt by the share of requests that the flag is on for. */
  | { kind: 'flag'; flag: string }
  | { kind: 'setting'; service: string; setting: string; value: string }
  | { kind: 'between'; fromMs: number; untilMs: number }
  /** A pod of the service has been started anew since then. */
  | { kind: 'restarted'; service: string; afterMs: number };

/** An effect on one service, for as long as something holds. */
export type Influence = {
  service: string;
  while: Condition;
  /** Only pods that run this image feel it. */
  image?: string;
  effect: Effect;
  /** It sets in this long after the condition came true and, where it is on an image, after the pod started. */
  delayMs: number;
};

/** What conditions are read from. */
export type Surroundings = {
  /** Share of requests for which a flag is on. */
  shareOn(flag: string): number;
  setting(service: string, name: string): string | undefined;
  /** When the newest of its pods started. */
  lastStartMs(service: string): number;
};

/** The same influence with its times counted from another zero. */
export function shifted(influence: Influence, byMs: number): Influence {
  const condition = influence.while;
  if (condition.kind === 'between') {
    const { fromMs, untilMs } = condition;
    return { ...influence, while: { ...condition, fromMs: fromMs + byMs, untilMs: untilMs + byMs } };
  }
  if (condition.kind !== 'restarted') return influence;
  return { ...influence, while: { ...condition, afterMs: condition.afterMs + byMs } };
}

export type Influences = {
  /** Looks at every condition anew. */
  update(atMs: number): void;
  /** What a pod feels now; without one, what is felt where there are no pods. */
  on(service: string, pod: { image: string; startedMs: number } | null, atMs: number): Effect;
};

/** Keeps which influences are felt, and since when. */
export function influences(all: readonly Influence[], surroundings: Surroundings): Influences {
  const byService = new Map<string, { influence: Influence; share: number; sinceMs: number }[]>();
  for (const influence of all) {
    const kept = byService.get(influence.service) ?? [];
    byService.set(influence.service, [...kept, { influence, share: 0, sinceMs: 0 }]);
  }

  function shareNow(condition: Condition, atMs: number): number {
    switch (condition.kind) {
      case 'always':
        return 1;
      case 'flag':
        return surroundings.shareOn(condition.flag);
      case 'setting':
        return Number(surroundings.setting(condition.service, condition.setting) === condition.value);
      case 'between':
        return Number(atMs >= condition.fromMs && atMs < condition.untilMs);
      case 'restarted':
        return Number(surroundings.lastStartMs(condition.service) > condition.afterMs);
    }
  }

  return {
    update(atMs) {
      for (const kept of byService.values()) {
        for (const one of kept) {
          const share = shareNow(one.influence.while, atMs);
          if (share > 0 && one.share === 0) one.sinceMs = atMs;
          one.share = share;
        }
      }
    },
    on(service, pod, atMs) {
      const kept = byService.get(service);
      if (!kept) return noEffect;
      let effect = noEffect;
      for (const { influence, share, sinceMs } of kept) {
        if (share === 0) continue;
        if (influence.image !== undefined && influence.image !== pod?.image) continue;
        const startMs = influence.while.kind === 'always' ? 0 : sinceMs;
        const podMs = influence.image === undefined ? 0 : (pod?.startedMs ?? 0);
        if (atMs - Math.max(startMs, podMs) < influence.delayMs) continue;
        effect = together(effect, diluted(influence.effect, share));
      }
      return effect;
    },
  };
}
