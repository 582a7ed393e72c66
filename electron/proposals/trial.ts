import { systemOf } from '../../shared/formats/shown-text.ts';
import type { Proposal, Trial, TrialAnswer } from '../../shared/vocabulary/proposal.ts';
import type { AccessAnswer, Trial as ActionTrial, Permission } from '../actions/action.ts';
import { messageOf } from '../platform/failure.ts';
import { nameOf, type ProposalContext, REACH_TIMEOUT_MS } from './context.ts';
import { partsOf } from './preflight.ts';

/**
 * Asks the target's own server, before anybody may approve: would it take the action, would it take the way back, and may
 * these credentials do both. Nothing is changed. Never throws: what could not be asked counts as refused.
 */
export async function tryOut(context: ProposalContext, proposal: Proposal): Promise<Trial> {
  const [permissions, action, backOut] = await Promise.all([
    answered(() => askPermissions(context, proposal)),
    answered(() => tryAction(context, proposal)),
    answered(() => tryBackOut(context, proposal)),
  ]);
  return { atMs: context.clock.now(), action, backOut, permissions };
}

/** Why it cannot be approved, or null. */
export function obstacleIn({ permissions, action, backOut }: Trial): string | null {
  const found = [
    permissions.kind === 'refused' && permissions.because,
    action.kind === 'refused' && `The server would not take it: ${action.because}`,
    backOut.kind === 'refused' && `The server would not take the way back: ${backOut.because}`,
  ].filter((sentence) => sentence !== false);
  return found.length > 0 ? found.join(' ') : null;
}

async function answered(ask: () => Promise<TrialAnswer>): Promise<TrialAnswer> {
  try {
    return await ask();
  } catch (error) {
    return { kind: 'refused', because: messageOf(error) };
  }
}

async function tryAction(context: ProposalContext, proposal: Proposal): Promise<TrialAnswer> {
  const parts = connected(context, proposal);
  return inAnswer(await parts.dryRun(parts.input, proposal.seen, optionsOf(context, proposal), timeout()));
}

/** Without a way back nothing is offered; should it be asked about all the same, the answer is no. */
async function tryBackOut(context: ProposalContext, proposal: Proposal): Promise<TrialAnswer> {
  if (!proposal.reversible) return { kind: 'refused', because: 'there is none' };
  const parts = connected(context, proposal);
  const options = optionsOf(context, proposal);
  return inAnswer(await parts.dryRunBackOut(parts.input, proposal.seen, options, timeout()));
}

/** One question for each permission that the action and its way back take; only the server knows the answers. */
async function askPermissions(context: ProposalContext, proposal: Proposal): Promise<TrialAnswer> {
  const { target, seen } = proposal;
  const parts = connected(context, proposal);
  const ask = asking(context, target);
  if (!ask) return { kind: 'untried', because: 'this system cannot be asked what the credentials may do' };
  const signal = timeout();
  const asked = await Promise.all(
    permissionsOf(context, parts, seen).map(async (permission) => ({
      what: inWords(permission),
      may: await ask(permission, signal),
    })),
  );
  const lacking = asked.filter(({ may }) => may === 'denied').map(({ what }) => what);
  if (lacking.length > 0) {
    return {
      kind: 'refused',
      because: `The credentials of ${systemOf(proposal)} may not ${lacking.join(', ')} for ${nameOf(target)}.`,
    };
  }
  const untold = asked.filter(({ may }) => may === 'unclear').map(({ what }) => what);
  if (untold.length > 0) {
    return {
      kind: 'untried',
      because: `${systemOf(proposal)} does not tell whether these credentials may ${untold.join(', ')}`,
    };
  }
  return { kind: 'accepted', sentence: `The credentials may ${asked.map(({ what }) => what).join(', ')}` };
}

/** How the system of a target is asked for its word on one right; null where none can be asked. */
function asking(
  context: ProposalContext,
  target: Proposal['target'],
): ((permission: Permission, signal: AbortSignal) => Promise<AccessAnswer>) | null {
  const { cluster, flags } = context.systems(target.cluster);
  if (target.kind === 'Flag') {
    return flags ? (permission, signal) => flags.reader.may(permission, target, signal) : null;
  }
  if (!cluster) return null;
  return async (permission, signal) =>
    (await cluster.reader.may(permission, placeIn(permission, target), signal)) ? 'allowed' : 'denied';
}

/** Of the action and of what undoes it, each once. */
function permissionsOf(
  { actions }: ProposalContext,
  { action, input }: ReturnType<typeof connected>,
  seen: Proposal['seen'],
): Permission[] {
  const way = action.backOut(input, seen);
  const back = actions.find(({ name }) => name === way?.action);
  const all = [...action.needs(input, seen), ...(back && way ? back.needs(way.input, seen) : [])];
  return [...new Map(all.map((permission) => [inWords(permission), permission])).values()];
}

/** What is asked of the whole cluster is asked without a namespace. */
const placeIn = ({ scope }: Permission, { namespace, name }: Proposal['target']) =>
  scope === 'cluster' ? { namespace: '', name: '' } : { namespace, name };

const inWords = ({ verb, group, resource }: Permission) =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`}`;

function connected(context: ProposalContext, proposal: Proposal) {
  const parts = partsOf(context, proposal);
  if (!parts) throw new Error('What it is reached through is not connected');
  return parts;
}

const optionsOf = (context: ProposalContext, { id }: Proposal) => ({
  intent: id,
  atMs: context.clock.now(),
});

const timeout = () => AbortSignal.timeout(REACH_TIMEOUT_MS);

function inAnswer(trial: ActionTrial): TrialAnswer {
  switch (trial.kind) {
    case 'passed':
      return { kind: 'accepted', sentence: trial.sentence };
    case 'refused':
      return trial;
    case 'cannot-try':
      return { kind: 'untried', because: trial.because };
  }
}
