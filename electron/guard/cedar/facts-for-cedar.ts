import type { AuthorizationCall, CedarValueJson, EntityJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { Judged } from '../rule.ts';

/** The envelope's text is not Cedar's business, only what it makes of the request. */
export type AskedOfCedar = Omit<Judged, 'envelope' | 'target'> & {
  target: { kind: string; namespace: string; name: string };
};

/** A request as the schema of the envelope describes it: who asks, for what, on which target, and how things stand. */
export type FactsForCedar = Pick<AuthorizationCall, 'principal' | 'action' | 'resource' | 'context'> & {
  entities: EntityJson[];
};

/** Names are data: each goes in as a string, in its own place, and is never put together into Cedar's language. */
export function factsForCedar(judged: AskedOfCedar): FactsForCedar {
  const resource = { type: 'Target', id: idOf(judged) };
  return {
    principal: { type: 'Proposer', id: judged.proposedBy },
    action: { type: 'Action', id: judged.action },
    resource,
    context: contextOf(judged),
    entities: [{ uid: resource, attrs: targetOf(judged), parents: [] }],
  };
}

/** `cluster/Kind/namespace/name`, for policies about one target. None of the four can hold a slash. */
const idOf = ({ cluster, target: { kind, namespace, name } }: AskedOfCedar): string =>
  [cluster, kind, namespace, name].join('/');

const targetOf = (judged: AskedOfCedar): Record<string, CedarValueJson> => ({
  kind: judged.target.kind,
  name: judged.target.name,
  namespace: judged.target.namespace,
  cluster: judged.cluster,
  environment: judged.environment ?? 'none',
  service: judged.service,
  serviceTier: judged.tierOfService,
  keepsData: judged.keepsData,
  managedBy: judged.managedBy ?? 'none',
  observed: judged.targetObserved,
});

const contextOf = (judged: AskedOfCedar): Record<string, CedarValueJson> => ({
  stage: judged.stage,
  blastRadius: judged.blastRadius,
  reversible: judged.reversible,
  hasBackOut: judged.backOutCommand.trim() !== '',
  backsOut: judged.backsOut,
  confidencePercent: Math.round(judged.confidence * 100),
  evidence: judged.evidence,
  changeWindow: judged.windows.change.kind,
  inFreeze: judged.windows.freeze !== null,
  inBackup: judged.windows.backup !== null || judged.backupRunning !== null,
  stopped: judged.stop.stopped,
  executionsOnTarget: judged.executionsOnTarget,
  executionsOnService: judged.executionsOnService,
  executionsInWindow: judged.executionsInWindow,
  denialsInWindow: judged.denialsInWindow,
  failuresInARow: judged.failuresInARow,
  lastWasWorse: judged.lastWasWorse,
  analystOverBudget: judged.analystOverBudget !== null,
});
