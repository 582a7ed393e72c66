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

/** Log-odds for each unit of a sign. Fitted on 780 generated cases, 2026-11-21. Written by test/bench/correlation/fit.ts. */
export const fitted: FittedWeights = {
  changed: {
    'latency strength': 0.937,
    'latency size': -0.202,
    'errors strength': 0.078,
    'errors size': -0.236,
    'work strength': 0.667,
    'work size': 1.095,
    'memory strength': -0.042,
    'memory size': 0.176,
    'calls strength': 1.053,
    'calls size': 0.216,
    'demand strength': 0.764,
    'demand size': 0.289,
    'own share': 2.961,
    'most of all': 0.614,
    unexplained: -1.09,
    deviation: 2.869,
    'felt by callers': -0.301,
    reach: 1.177,
    late: 0.215,
    early: -0.164,
    unmeasured: 2.188,
    'worst caller': 0.575,
    'callers together': 0.736,
  },
  byItself: {
    'latency strength': 1.023,
    'latency size': -0.419,
    'errors strength': -0.004,
    'errors size': -0.576,
    'work strength': 0.902,
    'work size': 1.176,
    'memory strength': -0.497,
    'memory size': 0,
    'calls strength': 0.59,
    'calls size': -0.039,
    'demand strength': 0.902,
    'demand size': 0.407,
    'own share': 3.381,
    'most of all': 0.165,
    unexplained: -0.95,
    deviation: 3.274,
    'felt by callers': 0.188,
    reach: 0.589,
    late: 0.116,
    early: -0.062,
    unmeasured: 2.024,
    'worst caller': 0.421,
    'callers together': 0.614,
  },
  change: {
    delay: 0.618,
    after: 0.269,
    crowd: -0.251,
    'a config': 0.359,
    'a flag': 0.103,
    'a scaling': 0.827,
    'an infrastructure change': 1.479,
    'a traffic shift': 0.401,
    'cannot show so': -0.393,
    'shift with demand': 0.946,
    'other with demand': -0.575,
    'other with calls': -1.995,
    'machine with work': 0.729,
    'machine with others': 1.72,
  },
  noChange: -0.417,
};
