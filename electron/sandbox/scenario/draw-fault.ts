import type { Random } from '../random.ts';
import { type Effect, noEffect } from '../world/effect.ts';
import type { Influence } from '../world/influence.ts';
import type { Surge } from '../world/load.ts';
import type { EffectRange, Fault } from './fault.ts';
import { flags, people } from './ordinary-life.ts';
import type { Planned } from './plan-changes.ts';
import { serviceOf, type Topology } from './topology.ts';

/** A fault as the seed drew it. */
export type DrawnFault = {
  fault: Fault;
  service: string;
  offsetMs: number;
  effect: Effect;
  delayMs: number;
  /** The version before: what it does from then on. */
  previous: Effect | null;
  /** What the change is in numbers: percent of a flag, weight of an entry, replicas left, minutes of a backup. */
  amount: number;
  flag: string;
};

/** Draws one fault; `momentMs` is when an alert may be expected from. */
export function drawFault(
  topology: Topology,
  fault: Fault,
  momentMs: number,
  random: Random,
  taken: ReadonlySet<string>,
): DrawnFault {
  const free = fault.service.oneOf.filter((name) => !taken.has(name));
  const service = random.pick(free.length > 0 ? free : fault.service.oneOf);
  const offsetMs = momentMs - Math.round(random.between(...fault.minutesBefore) * 60) * 1_000;
  const effect = 'effect' in fault ? drawEffect(fault.effect, random) : noEffect;
  return {
    fault,
    service,
    offsetMs,
    effect:
      fault.kind === 'provider' ? { ...effect, capacityFactor: random.between(...fault.quotaShare) } : effect,
    delayMs: 'delaySeconds' in fault ? random.between(...fault.delaySeconds) * 1_000 : 0,
    previous: 'previous' in fault && fault.previous ? drawEffect(fault.previous, random) : null,
    amount: amountOf(topology, fault, service, random),
    flag: `${service}.${random.pick(flags)}`,
  };
}

function amountOf(topology: Topology, fault: Fault, service: string, random: Random): number {
  switch (fault.kind) {
    case 'flag':
      return Math.round(random.between(...fault.percent));
    case 'traffic':
      return Math.round(100 * random.between(...fault.factor));
    case 'scale': {
      const { replicas } = serviceOf(topology, service);
      return Math.max(1, Math.round(replicas * random.between(...fault.share)));
    }
    case 'surge':
      return random.between(...fault.factor);
    case 'backup':
      return random.between(...fault.minutes);
    case 'release':
    case 'config':
    case 'provider':
      return 0;
  }
}

function drawEffect(range: EffectRange, random: Random): Effect {
  return {
    latencyFactor: random.between(...range.latencyFactor),
    errorShare: random.between(...range.errorShare),
    workFactor: random.between(...range.workFactor),
    fanOutFactor: random.between(...range.fanOutFactor),
    leakPerHour: random.between(...range.leakPerHour),
    burnCores: random.between(...range.burnCores),
    capacityFactor: 1,
  };
}

/** The change that brings a fault about, where one does. */
export function changeOf(
  { fault, service, offsetMs, amount, flag }: DrawnFault,
  random: Random,
): Planned | null {
  const common = {
    offsetMs,
    service,
    actor: random.pick(people),
    part: { kind: 'fault', name: fault.name },
  } as const;
  switch (fault.kind) {
    case 'release':
      return { ...common, kind: 'deploy' };
    case 'flag':
      return { ...common, kind: 'flag', flag: { name: flag, percent: amount } };
    case 'config':
    case 'scale':
    case 'backup':
      return { ...common, kind: fault.kind };
    case 'traffic':
      return { ...common, kind: 'weight' };
    case 'provider':
    case 'surge':
      return null;
  }
}

/** What a fault does, once its change is in place; `images` are those of the service before and after a release. */
export function influencesOf(
  { fault, service, offsetMs, effect, delayMs, previous, flag, amount }: DrawnFault,
  images: { before: string; after: string },
): Influence[] {
  const common = { service, effect, delayMs };
  const from = { kind: 'between', fromMs: offsetMs, untilMs: Number.POSITIVE_INFINITY } as const;
  switch (fault.kind) {
    case 'release': {
      const older = { service, effect: previous ?? noEffect, delayMs: 0, while: from, image: images.before };
      const newer: Influence = { ...common, while: { kind: 'always' }, image: images.after };
      return previous ? [newer, older] : [newer];
    }
    case 'flag':
      return [{ ...common, while: { kind: 'flag', flag } }];
    case 'config': {
      const inPlace = { kind: 'setting', service, setting: fault.setting, value: fault.value } as const;
      const older = {
        service,
        effect: previous ?? noEffect,
        delayMs: 0,
        while: inPlace,
        image: images.before,
      };
      return [{ ...common, while: inPlace }, ...(previous ? [older] : [])];
    }
    case 'provider':
      return [{ ...common, while: from }];
    case 'backup':
      return [
        { ...common, while: { kind: 'between', fromMs: offsetMs, untilMs: offsetMs + amount * 60_000 } },
        // Whoever restarts it makes it begin anew, on cold buffers.
        {
          service,
          effect: { ...effect, latencyFactor: effect.latencyFactor * 2, workFactor: effect.workFactor * 2 },
          delayMs: 0,
          while: { kind: 'restarted', service, afterMs: offsetMs },
        },
      ];
    case 'traffic':
    case 'scale':
    case 'surge':
      return [];
  }
}

export function surgesOf({ fault, service, offsetMs, amount }: DrawnFault, random: Random): Surge[] {
  if (fault.kind !== 'surge') return [];
  const untilMs = offsetMs + random.between(...fault.minutes) * 60_000;
  return [{ service, fromMs: offsetMs, untilMs, factor: amount, rampMs: 90_000 }];
}
