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

/**
 * Log-odds for each unit of a sign, fitted on 2150 generated cases, 2026-11-22; those of services are the mean of that fit and
 * one on 780 cases of the day before, since either alone is surer of what its cases hold and less right elsewhere. Each was
 * written by test/bench/correlation/fit.ts.
 */
export const fitted: FittedWeights = {
  changed: {
    'latency strength': 0.907,
    'latency size': -0.155,
    'errors strength': 0.067,
    'errors size': -0.272,
    'work strength': 0.671,
    'work size': 1.221,
    'memory strength': -0.19,
    'memory size': 0.416,
    'calls strength': 1.224,
    'calls size': 0.019,
    'demand strength': 0.495,
    'demand size': 0.566,
    'own share': 3.261,
    'most of all': 0.839,
    unexplained: -1.675,
    deviation: 3.631,
    'felt by callers': -0.07,
    reach: 1.086,
    late: 0.156,
    early: -0.013,
    unmeasured: 3.19,
    'worst caller': 0.323,
    'callers together': 0.956,
  },
  byItself: {
    'latency strength': 0.942,
    'latency size': -0.277,
    'errors strength': 0.056,
    'errors size': -0.644,
    'work strength': 0.922,
    'work size': 1.21,
    'memory strength': -0.641,
    'memory size': 0.142,
    'calls strength': 0.656,
    'calls size': -0.415,
    'demand strength': 0.575,
    'demand size': 0.952,
    'own share': 4.071,
    'most of all': 0.075,
    unexplained: -1.566,
    deviation: 4.247,
    'felt by callers': 0.123,
    reach: 0.361,
    late: -0.063,
    early: 0.054,
    unmeasured: 2.976,
    'worst caller': 0.186,
    'callers together': 0.795,
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
