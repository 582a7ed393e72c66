import { expect, it } from 'vitest';
import type { Message } from '../../../electron/analyst/model-client.ts';
import { claimsFrom } from '../../../electron/analyst/offline/claims.ts';
import { whatWasRead } from '../../../electron/analyst/offline/what-was-read.ts';

const changeOf = (id: string, service: string, score: number) => ({
  id,
  kind: 'deploy',
  service,
  title: `${service} rolled out`,
  at: '2026-03-03T02:55:00.000Z',
  score,
  reasons: [`${service} is out of order`],
  factors: [
    { name: 'place', value: 0.9, sentence: `${service} is out of order by itself` },
    { name: 'time', value: 0.1, sentence: 'It came long before' },
  ],
});

/** What a run has heard after it listed its candidates. */
const readAfter = (scores: number[], novelty = 0.05) => {
  const answer = {
    read: 'read-1',
    onset: '2026-03-03T02:57:00.000Z',
    novelty,
    total: scores.length,
    worthReading: 1,
    changes: scores.map((score, index) => changeOf(`deploy:shop/s${index}@1`, `s${index}`, score)),
    services: [],
    anomalies: [],
    omitted: 0,
  };
  const messages: Message[] = [
    { role: 'user', text: 'go' },
    { role: 'assistant', text: '', calls: [{ id: 'c1', name: 'list_candidates', input: { limit: 8 } }] },
    { role: 'tools', results: [{ call: 'c1', text: JSON.stringify(answer), failed: false }] },
  ];
  return whatWasRead(messages);
};

it('keeps a rival in view, however clear the first one looks', () => {
  expect(claimsFrom(readAfter([0.95, 0.01, 0.01]), undefined)).toHaveLength(2);
});

it('says what speaks against as well as for, citing what it read', () => {
  const [first] = claimsFrom(readAfter([0.9, 0.05]), undefined);
  expect(first?.for[0]).toMatchObject({ events: ['deploy:shop/s0@1'], reads: ['read-1'] });
  expect(first?.against.map(({ sentence }) => sentence)).toEqual(['It came long before']);
  expect(first?.gaps.length).toBeGreaterThan(0);
});

it('is never surer than its procedure can be', () => {
  const [first] = claimsFrom(readAfter([1, 0], 0), undefined);
  expect(first?.confidence).toBeLessThanOrEqual(0.85);
});

it('says so when the cause may not be among the candidates', () => {
  const claims = claimsFrom(readAfter([0.2, 0.2], 0.6), undefined);
  expect(claims.at(-1)).toMatchObject({ cause: null, confidence: 0.6 });
});

it('halves what a person doubts and writes the doubt against it', () => {
  const calm = claimsFrom(readAfter([0.9, 0.05]), undefined)[0];
  const doubted = claimsFrom(readAfter([0.9, 0.05]), 'the database was slow before')[0];
  expect(doubted?.confidence).toBeCloseTo((calm?.confidence ?? 0) / 2);
  expect(doubted?.against.map(({ sentence }) => sentence).join()).toContain('the database was slow before');
});

it('states nothing when nothing could be read', () => {
  expect(claimsFrom(whatWasRead([]), undefined)).toEqual([]);
});
