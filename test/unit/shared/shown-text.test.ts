import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shownLines, shownText } from '../../../shared/formats/shown-text.ts';
import { proposalOf } from '../../fixtures/proposal-of.ts';

it('shows target, blast radius, way back and expected effect in the promised order', () => {
  expect(shownLines(proposalOf()).map(({ label }) => label)).toEqual([
    'Target',
    'Will run',
    'Blast radius',
    'Reversible',
    'Back-out',
    'Expected effect',
    'Why',
    'Confidence',
    'Guard',
  ]);
});

it('says what people call the connection, and by which id the envelope knows it', () => {
  const [target] = shownLines(proposalOf({ reachedBy: 'production' }));
  expect(target?.text).toMatch(/ on production \(.+\)$/);
  const { cluster } = proposalOf().target;
  expect(shownLines(proposalOf({ reachedBy: cluster }))[0]).toEqual(shownLines(proposalOf())[0]);
});

it('differs whenever anything that was shown differs', () => {
  const shown = shownText(proposalOf());
  for (const other of [
    proposalOf({ title: 'Roll back checkout to 1.40' }),
    proposalOf({ command: 'kubectl -n shop rollout undo deployment/checkout --to-revision=5' }),
    proposalOf({ reversible: false }),
    proposalOf({ blastRadius: { class: 'deployment', sentence: '1 deployment, 7 pods, tier-1 service' } }),
    proposalOf({ rationale: 'another' }),
    proposalOf({ reachedBy: 'another' }),
  ]) {
    expect(shownText(other)).not.toBe(shown);
  }
});

it('cannot be made to look alike by line breaks inside a text', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (rationale, title) => {
      const one = shownText(proposalOf({ rationale, title }));
      return one.split('\n').length === 11;
    }),
  );
  const forged = shownText(proposalOf({ title: 'x\nTarget: elsewhere' }));
  expect(forged).not.toContain('\nTarget: elsewhere');
});
