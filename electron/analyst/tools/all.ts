import { compareConfig } from './compare-config.ts';
import { compareMetric } from './compare-metric.ts';
import { compareRevisions } from './compare-revisions.ts';
import { describeObject } from './describe-object.ts';
import { explainCandidate } from './explain-candidate.ts';
import { listAlerts } from './list-alerts.ts';
import { listCandidates } from './list-candidates.ts';
import { listCloudAlarms } from './list-cloud-alarms.ts';
import { listObjectEvents } from './list-object-events.ts';
import { pastIncidents } from './past-incidents.ts';
import { queryMetrics } from './query-metrics.ts';
import { readChange } from './read-change.ts';
import { readCloudMetric } from './read-cloud-metric.ts';
import { readFlag } from './read-flag.ts';
import { readMetric } from './read-metric.ts';
import { readPodLogs } from './read-pod-logs.ts';
import { readRollout } from './read-rollout.ts';
import { readServiceLogs } from './read-service-logs.ts';
import type { ReadTool } from './read-tool.ts';
import { readTopology } from './read-topology.ts';
import { searchRunbooks } from './search-runbooks.ts';
import { searchTimeline } from './search-timeline.ts';

/** Every read tool there is. INVARIANT: nothing can be added, taken away or changed at run time. */
export const readTools: readonly ReadTool[] = Object.freeze(
  [
    // What Countersign itself holds.
    listCandidates,
    explainCandidate,
    searchTimeline,
    readTopology,
    searchRunbooks,
    pastIncidents,
    // Metrics and alerts.
    readMetric,
    queryMetrics,
    compareMetric,
    listAlerts,
    // The cluster.
    readRollout,
    compareRevisions,
    describeObject,
    listObjectEvents,
    readPodLogs,
    // Logs.
    readServiceLogs,
    // Flags and settings.
    readChange,
    readFlag,
    compareConfig,
    // The cloud provider.
    readCloudMetric,
    listCloudAlarms,
  ].map((tool: ReadTool) => Object.freeze(tool)),
);
