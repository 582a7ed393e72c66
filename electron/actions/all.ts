import type { Action } from './action.ts';
import { restartWorkload } from './restart-workload.ts';
import { revertConfig } from './revert-config.ts';
import { rollBackDeployment } from './roll-back-deployment.ts';
import { scaleWorkload } from './scale-workload.ts';
import { setFlag } from './set-flag.ts';
import { shiftTraffic } from './shift-traffic.ts';

/** Every action there is. Nothing can be added at run time. */
export const actions: readonly Action[] = [
  rollBackDeployment,
  scaleWorkload,
  restartWorkload,
  revertConfig,
  shiftTraffic,
  setFlag,
];
