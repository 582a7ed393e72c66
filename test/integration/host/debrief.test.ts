import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, expect, it } from 'vitest';
import { type DrillOptions, runDrill } from '../../../electron/host/run-drill.ts';
import { verifyPath } from '../../../electron/host/verify-path.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

const play = (options: Partial<DrillOptions>, dataDir = newDataDir()) =>
  runDrill(
    { dataDir, resourcesDir: 'resources', version: 'test', logger: silentLogger },
    { scenario: 'bad-deploy', seed: 7, approve: 'none', ...options },
  );

type Played = Awaited<ReturnType<typeof play>>;

/** The same person, first with hands in pockets and then at work. */
const dataDir = newDataDir();
let first: Played;
let second: Played;
beforeAll(async () => {
  first = await play({ approve: 'none' }, dataDir);
  second = await play({ approve: 'first' }, dataDir);
});

it('debriefs a drill whose cause was found and undone', () => {
  const { debrief, truth, incident } = second;
  expect(debrief).toMatchObject({ incident, scenario: 'bad-deploy', seed: 7, harm: [] });
  expect(debrief.truth.changes.map(({ id }) => id)).toEqual(truth.changes);
  expect(debrief.helped).toHaveLength(1);
  const { detect, cause, causeFirst, mitigation } = debrief.times;
  expect(detect).toBeGreaterThanOrEqual(0);
  expect(cause).toBeGreaterThanOrEqual(detect ?? Number.NaN);
  expect(causeFirst).toBeGreaterThanOrEqual(cause ?? Number.NaN);
  expect(mitigation).toBeGreaterThan(causeFirst ?? Number.NaN);
  const shown = debrief.timeline.map(({ lane, was }) => `${lane} ${was}`);
  expect(shown).toEqual(expect.arrayContaining(['world cause', 'room right', 'room help']));
  expect(debrief.score).toBeGreaterThanOrEqual(80);
});

it('debriefs a drill in which nothing was approved', () => {
  const { debrief } = first;
  expect(debrief).toMatchObject({ helped: [], harm: [], times: { mitigation: null } });
  expect(debrief.parts.find(({ name }) => name === 'mitigation')).toMatchObject({ points: 0, of: 35 });
});

it('compares each drill with those before it, keeps one for each, and has each on record', () => {
  expect(first.debrief.comparison.all).toMatchObject({ earlier: 0, rank: 1 });
  expect(second.debrief.comparison.all).toMatchObject({ earlier: 1, best: first.debrief.score, rank: 1 });
  expect(second.debrief.comparison.last.map(({ incident }) => incident)).toEqual([first.incident]);
  expect(verifyPath(dataDir).ok).toBe(true);

  const drills = new Database(join(dataDir, 'drills.db'), { readonly: true });
  expect(drills.prepare('SELECT incident FROM debrief ORDER BY rowid').pluck().all()).toEqual([
    first.incident,
    second.incident,
  ]);
  const recorded = drills.prepare("SELECT incident FROM ledger_entry WHERE kind = 'drill.debrief'").pluck();
  expect(recorded.all()).toEqual([first.incident, second.incident]);
  drills.close();
  const real = new Database(join(dataDir, 'countersign.db'), { readonly: true });
  expect(real.prepare('SELECT count(*) FROM debrief').pluck().get()).toBe(0);
  real.close();
});

it('gives the same debrief for the same seed', async () => {
  const strip = ({ debrief: { incident: _, ...rest } }: Played) => rest;
  expect(strip(await play({ seed: 3 }))).toEqual(strip(await play({ seed: 3 })));
});
