import { expect, it } from 'vitest';
import { debriefOf } from '../../../electron/drills/debrief.ts';
import { debriefMarkdown } from '../../../electron/drills/debrief-markdown.ts';
import { answerOf, DECOY, executed, factsOf, past, stated, TRUE } from '../../fixtures/drill-facts.ts';

const facts = factsOf({
  statements: [stated(2, DECOY), stated(3, TRUE)],
  proposals: [executed('p1', 4, 'improved')],
});

it('tells score, times, truth, judgement, both lanes and the comparison', () => {
  const markdown = debriefMarkdown(debriefOf(facts, answerOf(), [past(50)]));
  for (const part of [
    '# Debrief: Errors in the shop',
    '## Score: 97 of 100',
    '| Found the cause | 20 of 20 |',
    '| Mitigated | 6 min |',
    'Release 1.41 of payments answers slowly.',
    '**Wrong causes followed:**',
    '**Harm:** Nothing that was done made it worse.',
    '| 1 min before | Changed deploy:shop/payments@7 (the cause) |  |',
    'All drills of Mina: rank 1 of 2; best before 50, median before 50.',
  ]) {
    expect(markdown).toContain(part);
  }
});

it('lets nothing from outside become markup', () => {
  const steering = answerOf({ conclusion: '<img src=x> | [here](http://x)\n# No' });
  const markdown = debriefMarkdown(debriefOf(facts, steering, []));
  expect(markdown).toContain('\\<img src=x\\> \\| \\[here\\](http://x) \\# No');
});
