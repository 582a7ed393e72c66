/** A write that helps, or harms: the action's name as in `electron/actions`, and what it is done to. */
export type Remedy = {
  action: string;
  /** Name of the object acted on (a Deployment, a ConfigMap, an Ingress, a flag); null when it is any. */
  target: string | null;
  sentence: string;
};

/**
 * What really happened in a drill and what would have been right to do. For scoring a drill, never for working it. Ids of
 * changes are those under which connectors report them.
 */
export type DrillAnswer = {
  /** The changes that caused it; empty when none of ours did. */
  changes: string[];
  services: string[];
  /** Changes laid out to tempt, which did nothing. */
  decoys: string[];
  /** When the trouble began, and when an alert first fired. */
  beganMs: number;
  alertedMs: number;
  helps: Remedy[];
  harms: Remedy[];
  /** What a good conclusion says, in a sentence or two. */
  conclusion: string;
};
