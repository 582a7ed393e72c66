import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import type { NewEntry } from '../ledger/log.ts';
import { Failure } from '../platform/failure.ts';
import { commit, type ProposalContext, serviceOf, stepped } from './context.ts';

type By = { person: string; because: string };

/**
 * Takes an open offer back. Only the person who made it may; anybody else denies it, which is a decision.
 * @throws Failure `conflict` when it is no longer open, `refused` for somebody else's.
 */
export function withdraw(context: ProposalContext, proposal: Proposal, by: By): Proposal {
  if (proposal.progress.state !== 'offered') {
    throw new Failure('conflict', `“${proposal.title}” is ${proposal.progress.state}, no longer open`);
  }
  const { kind, name } = proposal.proposedBy;
  if (kind !== 'person' || name !== by.person) {
    throw new Failure('refused', `“${proposal.title}” was proposed by ${name}: deny it instead`);
  }
  const taken = withdrawn(context, proposal, by);
  commit(context, taken, [withdrawalEntry(taken)]);
  context.timeline.record(proposal.incident, {
    sort: 'proposal',
    ref: proposal.id,
    service: serviceOf(proposal),
    title: `Withdrawn: ${proposal.title}`,
    detail: by.because,
  });
  return taken;
}

/** The proposal as it is then; whoever calls this stores it with its entry. */
export const withdrawn = (context: ProposalContext, proposal: Proposal, { person, because }: By): Proposal =>
  stepped(proposal, { kind: 'withdraw', atMs: context.clock.now(), person, because });

export function withdrawalEntry({ id, incident, progress }: Proposal): NewEntry {
  if (progress.state !== 'withdrawn') throw new Error(`${id} was not withdrawn`);
  const { person, because, state } = progress;
  return {
    kind: 'outcome',
    incident,
    actor: { kind: 'person', name: person },
    body: { proposal: id, state, because },
  };
}
