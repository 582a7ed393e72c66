import { afterEach, describe, expect, it } from 'vitest';
import { loadScenarios } from '../../../electron/sandbox/sandbox.ts';
import { apply } from './remedies.ts';
import { firing, type SteppedDrill, scenarioDir, steppedDrill } from './stepped-drill.ts';

const minuteMs = 60_000;
const scenarios = loadScenarios(scenarioDir);
const opened: SteppedDrill[] = [];
async function open(seed: number, name: string): Promise<SteppedDrill> {
  const scenario = scenarios.find((one) => one.name === name);
  if (!scenario) throw new Error(`no scenario ${name}`);
  const drill = await steppedDrill(seed, scenario);
  opened.push(drill);
  return drill;
}
afterEach(async () => {
  for (const { sandbox } of opened.splice(0)) await sandbox.close();
});

/** Lets the world live on, as long as wanted or until nothing fires. */
async function quietWithin(drill: SteppedDrill, minutes: number): Promise<boolean> {
  for (let passed = 0; passed < minutes; passed++) {
    await drill.time.advance(minuteMs);
    if ((await firing(drill)).length === 0) return true;
  }
  return false;
}

/** Where somebody else has a hand on the service too, one looks at it and waits for what they do. */
async function colleaguesAreDone(drill: SteppedDrill): Promise<void> {
  if (drill.sandbox.scenario.colleagues.length === 0) return;
  const [help] = drill.sandbox.answer.helps;
  if (help?.action !== 'roll-back-deployment') throw new Error('colleagues work on Deployments');
  for (const namespace of ['shop', 'payments', 'platform'])
    await drill.kubernetes('GET', `/apis/apps/v1/namespaces/${namespace}/deployments/${help.target}`);
  await drill.time.advance(minuteMs);
}

const names = scenarios.map(({ name }) => name);
/** Where something helps, and within how many minutes. */
const helped = scenarios
  .filter(({ helps }) => helps.length > 0)
  .map(({ name, ends }) => [name, ends.minutes] as const);
/** Where the obvious action is the wrong one. */
const harmed = [
  ['worse-after', 'roll-back-deployment'],
  ['coincident-deploy', 'roll-back-deployment'],
  ['backup-window', 'restart-workload'],
  ['flag-flip', 'roll-back-deployment'],
] as const;

it('ships at least sixteen scenarios of every difficulty, with forty to a hundred changes each', async () => {
  expect(names.length).toBeGreaterThanOrEqual(16);
  expect(new Set(scenarios.map(({ difficulty }) => difficulty))).toEqual(new Set([1, 2, 3, 4, 5]));
  for (const { changes } of scenarios) {
    expect(changes.inLastHour[0]).toBeGreaterThanOrEqual(40);
    expect(changes.inLastHour[1]).toBeLessThanOrEqual(100);
  }
});

describe.each(names)('%s', (name) => {
  const { ends } = scenarios.find((one) => one.name === name) ?? { ends: null };
  if (!ends) throw new Error('a scenario says how it ends');

  it.each([1])(
    `${ends.untouched === 'bad' ? 'stays bad' : 'ends by itself'} when nothing is done, seed %i`,
    async (seed) => {
      const drill = await open(seed, name);
      expect((await firing(drill)).length).toBeGreaterThan(0);
      expect(await quietWithin(drill, Math.max(ends.minutes, 12))).toBe(ends.untouched === 'quiet');
    },
  );
});

describe.each(helped)('%s', (name, minutes) => {
  it.each([1, 2])('ends as its file says when what helps is done, seed %i', async (seed) => {
    const drill = await open(seed, name);
    // Where several faults need several hands, all of what helps is done; otherwise the first is enough.
    await colleaguesAreDone(drill);
    const wanted = drill.sandbox.answer.helps.slice(0, Math.max(1, drill.sandbox.answer.changes.length));
    for (const remedy of wanted) await apply(drill, remedy);
    expect(await quietWithin(drill, minutes)).toBe(true);
    await drill.time.advance(5 * minuteMs);
    expect(await firing(drill)).toEqual([]);
  });
});

describe.each(harmed)('%s', (name, action) => {
  it(`is not helped by ${action}, which its file says harms`, async () => {
    const drill = await open(3, name);
    const harm = drill.sandbox.answer.harms.find((one) => one.action === action);
    if (!harm) throw new Error(`${name} names no harm in ${action}`);
    const before = await firing(drill);
    await apply(drill, harm);
    expect(await quietWithin(drill, 12)).toBe(false);
    expect((await firing(drill)).length).toBeGreaterThanOrEqual(Math.min(before.length, 2));
  });
});
