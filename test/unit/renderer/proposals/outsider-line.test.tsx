import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { guard } from '../../../../electron/guard/guard.ts';
import { OutsiderLine } from '../../../../renderer/proposals/outsider-line.tsx';
import { shownText } from '../../../../shared/formats/shown-text.ts';
import { proposalOf } from '../../../fixtures/proposal-of.ts';
import { defaultLoaded, requestOf } from '../../../fixtures/request-of.ts';

const judged = (evidence: 'observed' | 'suspicious' | 'outsider-text-only') =>
  proposalOf({ verdict: guard(requestOf({ evidence }), { kind: 'in-force', loaded: defaultLoaded }) });

it.each([
  ['outsider-text-only', 'it rests only on text that an outsider can write'],
  ['suspicious', 'a text that it cites looks like instructions'],
] as const)('says on the card, and in what is signed, that its evidence is %s', (evidence, sentence) => {
  const proposal = judged(evidence);
  expect(proposal.verdict).toMatchObject({
    kind: 'offer',
    tier: expect.stringMatching(/^(confirm|two-person)$/),
  });
  expect(renderToStaticMarkup(<OutsiderLine proposal={proposal} />)).toContain(sentence);
  expect(shownText(proposal)).toContain(sentence);
});

it('says nothing of evidence that a connection observed', () => {
  expect(renderToStaticMarkup(<OutsiderLine proposal={judged('observed')} />)).toBe('');
});
