import { expect, it } from 'vitest';
import { beginWork } from '../../../electron/host/begin-work.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import type { Incident } from '../../../shared/vocabulary/incident.ts';

const incident = { id: IncidentId.parse('inc-1'), fromMs: 0, closedMs: null, status: 'open' } as Incident;

/** What was done, in order, where each ranking finds what it is told; `endsIn` is where the host closes. */
async function doneWith(measured: boolean[], endsIn?: 'gather' | 'rank' | 'pause'): Promise<string[]> {
  const done: string[] = [];
  const closing = new AbortController();
  const noted = (word: string) => async () => {
    done.push(word);
    if (word === endsIn) closing.abort();
  };
  const [gather, ranked, read, pause] = ['gather', 'rank', 'read', 'pause'].map(noted);
  if (!gather || !ranked || !read || !pause) throw new Error('each has its word');
  const rank = () => ranked().then(() => measured.shift() ?? false);
  await beginWork(incident, { gather, rank, read, pause }, closing.signal);
  return done;
}

it('reads what was ranked at once where something was measured', async () => {
  expect(await doneWith([true])).toEqual(['gather', 'rank', 'read']);
});

it('ranks again before the analyst reads where no source of metrics had answered, and reads without them in the end', async () => {
  expect(await doneWith([false, true])).toEqual(['gather', 'rank', 'pause', 'rank', 'read']);
  expect(await doneWith([])).toEqual(['gather', 'rank', 'pause', 'rank', 'pause', 'rank', 'read']);
});

it('begins nothing more once the host closes', async () => {
  expect(await doneWith([], 'gather')).toEqual(['gather']);
  expect(await doneWith([], 'rank')).toEqual(['gather', 'rank', 'pause']);
  expect(await doneWith([], 'pause')).toEqual(['gather', 'rank', 'pause']);
  expect(await doneWith([true], 'rank')).toEqual(['gather', 'rank']);
});
