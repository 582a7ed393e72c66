/**
 * Labels of a change that somebody told, as against one that was read from the system it was made in. The same change may
 * come both ways; `event` marks the telling, so that what was read stands and what was told only adds to it.
 */
export const toldLabels = {
  /** The type of the event that told it. Absent from what was read. */
  event: 'event',
  /** Package URL of what was deployed. */
  artifact: 'artifact',
  environment: 'environment',
  namespace: 'namespace',
  version: 'version',
  /** `<namespace>/<name>@<revision>` of the rollout that a told deploy turned out to be. */
  rollout: 'rollout',
  /** Where the time is not simply what the event says: `received`, `ahead` or `late`. */
  time: 'time',
  /** Which sender of a receiver it came from, as its secret proved. */
  sender: 'sender',
} as const;
