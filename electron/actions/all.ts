import type { Action } from './action.ts';
import { cordonNode, uncordonNode } from './cordon-node.ts';
import { drainNode } from './drain-node.ts';
import { evictPod } from './evict-pod.ts';
import { pauseRollout, resumeRollout } from './pause-rollout.ts';
import { restartWorkload } from './restart-workload.ts';
import { revertConfig } from './revert-config.ts';
import { rollBackDeployment } from './roll-back-deployment.ts';
import { scaleWorkload } from './scale-workload.ts';
import { setFlag } from './set-flag.ts';
import { shiftTraffic } from './shift-traffic.ts';
import { resumeCronjob, suspendCronjob } from './suspend-cronjob.ts';

/** Every action there is. Nothing can be added at run time. */
export const actions: readonly Action[] = [
  rollBackDeployment,
  pauseRollout,
  resumeRollout,
  scaleWorkload,
  restartWorkload,
  evictPod,
  cordonNode,
  uncordonNode,
  drainNode,
  revertConfig,
  shiftTraffic,
  setFlag,
  suspendCronjob,
  resumeCronjob,
];
