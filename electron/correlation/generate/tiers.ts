import type { ChangeKind } from '../../../shared/vocabulary/kinds.ts';

/** `T`: a change is behind the trouble. `N`: none is, so that a ranking must say "none of these". */
export const tierNames = ['T1', 'T2', 'T3', 'T4', 'N1', 'N2', 'N3', 'N4'] as const;
export type TierName = (typeof tierNames)[number];

type Range = readonly [low: number, high: number];

/** How hard a case is. Minutes where a name says nothing else. */
export type Tier = {
  size: Range;
  delay: Range;
  ramps: readonly number[];
  /** Harmless changes in the minutes before the onset. */
  coincident: Range;
  /** Chance that a harmless change makes its service slow for a moment, or shifts it for good and for no harm. */
  blip: number;
  benign: number;
  /** Chance of a deployment on the alerting service just before the onset. */
  decoy: number;
  /** Chance that traffic grows by itself. */
  organicRamp: number;
  /** Share of harmless changes that land on services related to the cause or the alert. */
  path: number;
  /** Share of the calls told that are told wrong. */
  wrongEdges: number;
  /** Chance that nothing is measured of the guilty service. */
  unmeasuredRoot: number;
  twoCauses: number;
  /** Factor on the noise of every measurement. */
  noise: number;
};

const degrees: Record<'1' | '2' | '3' | '4', Tier> = {
  '1': {
    size: [6, 14],
    delay: [0, 1],
    ramps: [0, 0, 5, 15],
    coincident: [0, 2],
    blip: 0.15,
    benign: 0.05,
    decoy: 0,
    organicRamp: 0,
    path: 0.2,
    wrongEdges: 0,
    unmeasuredRoot: 0,
    twoCauses: 0,
    noise: 1,
  },
  '2': {
    size: [3, 8],
    delay: [0, 6],
    ramps: [0, 0, 5, 15],
    coincident: [2, 5],
    blip: 0.35,
    benign: 0.12,
    decoy: 0.4,
    organicRamp: 0.3,
    path: 0.35,
    wrongEdges: 0.03,
    unmeasuredRoot: 0,
    twoCauses: 0,
    noise: 1.3,
  },
  '3': {
    size: [1.6, 4],
    delay: [0, 45],
    ramps: [0, 5, 15, 30],
    coincident: [4, 9],
    blip: 0.5,
    benign: 0.2,
    decoy: 0.8,
    organicRamp: 0.5,
    path: 0.5,
    wrongEdges: 0.08,
    unmeasuredRoot: 0.05,
    twoCauses: 0,
    noise: 1.6,
  },
  '4': {
    size: [1.3, 3],
    delay: [5, 90],
    ramps: [0, 5, 15, 30],
    coincident: [6, 12],
    blip: 0.6,
    benign: 0.3,
    decoy: 1,
    organicRamp: 0.7,
    path: 0.6,
    wrongEdges: 0.12,
    unmeasuredRoot: 0.15,
    twoCauses: 0.4,
    noise: 2,
  },
};

export const tierOf = (name: TierName): Tier => degrees[name.slice(1) as keyof typeof degrees];
export const isNovel = (name: TierName): boolean => name.startsWith('N');

/** How often a change of each kind is behind trouble; harmless ones come in the same mix. */
export const kindMix: Record<ChangeKind, number> = {
  deploy: 0.38,
  config: 0.24,
  flag: 0.24,
  scale: 0.06,
  infrastructure: 0.04,
  traffic: 0.04,
};
