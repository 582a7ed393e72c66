import { expect, it } from 'vitest';
import { matching, playedBy } from '../../../../renderer/drills/best-scores.ts';
import { past } from '../../../fixtures/drill-facts.ts';

it('tells how often and how well at best this person played each scenario', () => {
  const played = playedBy('Mina', [
    past(40),
    past(70),
    past(55, { scenario: 'retry-storm' }),
    past(99, { person: 'Ravi' }),
  ]);
  expect([...played]).toEqual([
    ['bad-deploy', { times: 2, best: 70 }],
    ['retry-storm', { times: 1, best: 55 }],
  ]);
});

const scenario = (name: string, difficulty: number, story = '') => ({
  name,
  title: `About ${name}`,
  story,
  difficulty,
});
const all = [
  scenario('storm', 4),
  scenario('deploy', 1, 'Errors in the Shop'),
  scenario('alias', 4, 'A shop, too'),
];
const names = (wanted: Parameters<typeof matching>[1]) => matching(all, wanted).map(({ name }) => name);

it('lists easy scenarios first, then by title', () =>
  expect(names({ words: '', difficulty: null })).toEqual(['deploy', 'alias', 'storm']));

it('finds every typed word in whatever case, in name, title or story', () => {
  expect(names({ words: ' SHOP errors ', difficulty: null })).toEqual(['deploy']);
  expect(names({ words: 'shop', difficulty: 4 })).toEqual(['alias']);
  expect(names({ words: 'nowhere', difficulty: null })).toEqual([]);
});
