import { listCandidates } from './list-candidates.ts';
import { readChange } from './read-change.ts';
import { readMetric } from './read-metric.ts';
import { readRollout } from './read-rollout.ts';
import type { ReadTool } from './read-tool.ts';
import { searchTimeline } from './search-timeline.ts';

/** Every read tool there is. Nothing can be added at run time. */
export const readTools: readonly ReadTool[] = [
  listCandidates,
  searchTimeline,
  readMetric,
  readRollout,
  readChange,
];
