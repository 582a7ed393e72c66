import type { ChangeSign } from './change-signs.ts';
import type { ServiceSign } from './service-signs.ts';

export type FittedWeights = {
  /** Of the signs of a service, when a change there is the cause, and when none is. */
  changed: Record<ServiceSign, number>;
  byItself: Record<ServiceSign, number>;
  change: Record<ChangeSign, number>;
  /** The log-odds that no change is the cause, before anything is looked at. */
  noChange: number;
};

/** Log-odds for each unit of a sign. Fitted on 2150 generated cases, 2026-11-22. Written by test/bench/correlation/fit.ts. */
export const fitted: FittedWeights = {
  changed: {
    'latency strength': 0.877,
    'latency size': -0.108,
    'errors strength': 0.055,
    'errors size': -0.309,
    'work strength': 0.674,
    'work size': 1.347,
    'memory strength': -0.337,
    'memory size': 0.657,
    'calls strength': 1.396,
    'calls size': -0.178,
    'demand strength': 0.226,
    'demand size': 0.843,
    'own share': 3.562,
    'most of all': 1.064,
    unexplained: -2.26,
    deviation: 4.394,
    'felt by callers': 0.16,
    reach: 0.994,
    late: 0.097,
    early: 0.138,
    unmeasured: 4.192,
    'worst caller': 0.071,
    'callers together': 1.175,
  },
  byItself: {
    'latency strength': 0.862,
    'latency size': -0.135,
    'errors strength': 0.115,
    'errors size': -0.712,
    'work strength': 0.942,
    'work size': 1.244,
    'memory strength': -0.785,
    'memory size': 0.285,
    'calls strength': 0.722,
    'calls size': -0.79,
    'demand strength': 0.247,
    'demand size': 1.497,
    'own share': 4.76,
    'most of all': -0.015,
    unexplained: -2.181,
    deviation: 5.219,
    'felt by callers': 0.059,
    reach: 0.133,
    late: -0.242,
    early: 0.17,
    unmeasured: 3.928,
    'worst caller': -0.048,
    'callers together': 0.976,
  },
  change: {
    delay: 0.728,
    'at once': 0.356,
    after: -0.656,
    crowd: -0.516,
    'a config': 0.151,
    'a flag': 0.382,
    'a scaling': 0.767,
    'an infrastructure change': 0.813,
    'a traffic shift': 1.1,
    'cannot show so': -0.52,
    'shift with demand': 0.866,
    'other with demand': -0.82,
    'other with calls': -1.667,
    'machine with work': 0.646,
    'machine with others': 2.629,
  },
  noChange: -0.6,
};
