import type { FittedWeights } from '../../../electron/correlation/fitted-weights.ts';

/** The file that the engine reads its fitted weights from. */
export function sourceOf(fitted: FittedWeights, source: string): string {
  return `import type { ChangeSign } from './change-signs.ts';
import type { ServiceSign } from './service-signs.ts';

export type FittedWeights = {
  /** Of the signs of a service, when a change there is the cause, and when none is. */
  changed: Record<ServiceSign, number>;
  byItself: Record<ServiceSign, number>;
  change: Record<ChangeSign, number>;
  /** The log-odds that no change is the cause, before anything is looked at. */
  noChange: number;
};

/** Log-odds for each unit of a sign. ${source} Written by test/bench/correlation/fit.ts. */
export const fitted: FittedWeights = {
  changed: ${recordOf(fitted.changed)},
  byItself: ${recordOf(fitted.byItself)},
  change: ${recordOf(fitted.change)},
  noChange: ${fitted.noChange},
};
`;
}

const recordOf = (weights: Readonly<Record<string, number>>): string =>
  `{\n${Object.entries(weights)
    .map(([name, weight]) => `    ${keyOf(name)}: ${Number(weight.toFixed(3))},\n`)
    .join('')}  }`;

const keyOf = (name: string): string => (/^\w+$/.test(name) ? name : `'${name}'`);
