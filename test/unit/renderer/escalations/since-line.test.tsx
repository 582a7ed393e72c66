import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { SinceLine } from '../../../../renderer/escalations/since-line.tsx';
import type { Proposal } from '../../../../shared/vocabulary/proposal.ts';
import { proposalOf } from '../../../fixtures/proposal-of.ts';

const nothingFitted = { openedMs: 500, proposal: null };
const line = (proposals: Proposal[], escalation: Parameters<typeof SinceLine>[0]['escalation']) =>
  renderToStaticMarkup(<SinceLine escalation={escalation} proposals={proposals} />);

it('says what was proposed after nothing could be', () => {
  expect(line([proposalOf()], nothingFitted)).toMatch(
    /^<p>Since then proposed: .*Roll back checkout to 1.41/,
  );
});

it('names the newest of several', () => {
  const later = proposalOf({ title: 'Turn the flag off', proposedMs: 2_000 });
  expect(line([proposalOf(), later], nothingFitted)).toContain('Turn the flag off');
});

it.each([
  ['what was proposed before it', [proposalOf({ proposedMs: 400 })], nothingFitted],
  ['what the guard denied', [proposalOf({ progress: { state: 'denied' } })], nothingFitted],
  [
    'what ran out undecided',
    [proposalOf({ progress: { state: 'expired', atMs: 900, because: 'nobody decided' } })],
    nothingFitted,
  ],
  ['another proposal than the one it is about', [proposalOf()], { openedMs: 500, proposal: proposalOf().id }],
])('says nothing of %s', (_what, proposals, escalation) => expect(line(proposals, escalation)).toBe(''));
