import { expect, it, vi } from 'vitest';
import { drawInTurn } from '../../../../renderer/ui/draw-in-turn.ts';

it('draws what is newest for each owner, and not before whoever asked is done', async () => {
  const drawn: string[] = [];
  const [a, b] = [{}, {}];
  drawInTurn(a, () => drawn.push('a, older'));
  drawInTurn(b, () => drawn.push('b'));
  drawInTurn(a, () => drawn.push('a'));
  expect(drawn).toEqual([]);
  await vi.waitFor(() => expect(drawn).toEqual(['b', 'a']));
});

it('lets others do something between drawings that take long, and draws all of them', async () => {
  const done: string[] = [];
  let nowMs = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  for (let at = 0; at < 5; at += 1) {
    drawInTurn({}, () => {
      nowMs += 3;
      done.push(`drawing ${at}`);
      if (at % 2 === 0) queueMicrotask(() => done.push('something else'));
    });
  }
  await vi.waitFor(() => expect(done).toContain('drawing 4'));
  expect(done.slice(0, 6)).toEqual([
    'drawing 0',
    'drawing 1',
    'something else',
    'drawing 2',
    'drawing 3',
    'something else',
  ]);
  clock.mockRestore();
});

it('draws again for an owner that asks while it is drawn', async () => {
  const owner = {};
  let drawn = 0;
  const draw = () => {
    drawn += 1;
    if (drawn < 3) drawInTurn(owner, draw);
  };
  drawInTurn(owner, draw);
  await vi.waitFor(() => expect(drawn).toBe(3));
});
