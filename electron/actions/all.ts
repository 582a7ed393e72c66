import type { Action } from './action.ts';
import { rollBackDeployment } from './roll-back-deployment.ts';
import { scaleWorkload } from './scale-workload.ts';

/** Every action there is. Nothing can be added at run time. */
export const actions: readonly Action[] = [rollBackDeployment, scaleWorkload];
