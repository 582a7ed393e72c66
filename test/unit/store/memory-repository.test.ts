import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { eraseCopies } from '../../../electron/store/erase-copies.ts';
import { memoryRepository } from '../../../electron/store/memory-repository.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore } from '../../../electron/store/open-store.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { confirmedAs, rememberedIncident } from '../../fixtures/remembered-incident.ts';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

function repositoryOf(...incidents: string[]) {
  const store = openStore(join(newDataDir(), 'memory.db'), migrations);
  opened.push(store);
  const insert = store.db.prepare(
    "INSERT INTO incident (id, body, opened_ms, closed_ms) VALUES (?, '{}', 1, 2)",
  );
  for (const incident of incidents) insert.run(incident);
  return { db: store.db, ...memoryRepository(store.db) };
}

it('finds an incident by the beginnings of words of its title, its cause and what helped', () => {
  const { save, search } = repositoryOf('a', 'b');
  save(rememberedIncident('a', { title: 'Bücher sind langsam' }));
  save(
    rememberedIncident('b', {
      confirmed: { ...confirmedAs({ as: 'outside', what: 'certificate' }), helped: 'renewing it' },
    }),
  );
  expect(search('bucher lang', 9).map(({ incident }) => incident)).toEqual(['a']);
  expect(search('certificate renew', 9).map(({ incident }) => incident)).toEqual(['b']);
  expect(search('certificate langsam', 9)).toEqual([]);
});

it('forgets words that a record no longer holds', () => {
  const { save, search } = repositoryOf('a');
  save(rememberedIncident('a', { title: 'Secretname' }));
  save(rememberedIncident('a', { title: 'Erased' }));
  expect(search('secretname', 9)).toEqual([]);
  expect(search('erased', 9)).toHaveLength(1);
});

it('takes whatever is typed as words to look for', () => {
  const { save, search } = repositoryOf('a');
  save(rememberedIncident('a', { title: 'Payments fail' }));
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-z"*():^{}+ -]{0,30}$/)),
      (typed) => {
        expect(search(typed, 9).length).toBeLessThanOrEqual(1);
      },
    ),
  );
  expect(search('payments OR nothing', 9)).toEqual([]);
  expect(search('"', 9)).toEqual([]);
});

it('lists closed incidents that nobody remembered', () => {
  const { save, forgotten } = repositoryOf('a', 'b');
  save(rememberedIncident('a'));
  expect(forgotten(9)).toEqual(['b']);
});

it('loses what is erased from an incident, in the record and in the search', () => {
  const { db, save, search, find } = repositoryOf('a');
  const said = 'Renewing the certificate that Ada forgot';
  save(rememberedIncident('a', { confirmed: { ...confirmedAs({ as: 'none' }), helped: said } }));
  eraseCopies(db, 'a', said, 'erased under rule notes');
  expect(find('a')?.confirmed?.helped).toBe('erased under rule notes');
  expect(search('certificate', 9)).toEqual([]);
});
