import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { createHost } from '../../../electron/host/create-host.ts';
import type { Host } from '../../../electron/host/host.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { digestOfShown } from '../../../electron/proposals/decide.ts';
import { DRILL_STEPS } from '../../../shared/vocabulary/status.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';

const closing: Host[] = [];
afterEach(async () => {
  for (const host of closing.splice(0)) await host.close();
});

async function opened(): Promise<Host> {
  const host = await createHost({
    dataDir: newDataDir(),
    shell: 'web',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
  });
  closing.push(host);
  return host;
}

/** A drill on the screen, waiting for its approval; `heard` is all that ever left the host, as text. */
async function playing() {
  const host = await opened();
  const heard: string[] = [];
  host.subscribe((event) => heard.push(JSON.stringify(event)));
  const plain = callerOf(host);
  const call: typeof plain = async (name, input) => {
    const answer = await plain(name, input);
    heard.push(JSON.stringify(answer));
    return answer;
  };
  const incident = await call('drills.start', { scenario: 'bad-deploy', seed: 7 });
  const proposal = await eventually(
    'the proposal',
    async () => (await call('incidents.room', { incident: incident.id })).proposals[0],
  );
  const drillNow = async () => Date.now() + (await call('host.status', {})).drillClockOffsetMs;
  return { call, heard, incident, proposal, drillNow };
}

it('stands still while it is paused, whatever is watched, and still answers and reads the live target; then it goes on', async () => {
  const { call, incident, proposal, drillNow } = await playing();
  await call('drills.setSpeed', { speed: 120 });
  await call('drills.pause', {});
  expect((await call('host.status', {})).drill).toMatchObject({ paused: true, speed: 120 });
  expect(await call('proposals.recheck', { proposal: proposal.id })).toMatchObject({
    answer: { kind: 'unchanged' },
  });
  await call('proposals.approve', {
    proposal: proposal.id,
    shownDigest: digestOfShown(proposal),
    typedTarget: proposal.target.name,
  });
  const stoodAt = await drillNow();
  await pause(1_000);
  expect(Math.abs((await drillNow()) - stoodAt)).toBeLessThan(50);
  const watched = (await call('incidents.room', { incident: incident.id })).proposals[0];
  expect(watched?.progress).toMatchObject({ state: 'watching', watch: { samples: [] } });
  await call('drills.setSpeed', { speed: 60 });
  expect((await call('host.status', {})).drill).toMatchObject({ paused: true, speed: 60 });

  await call('drills.resume', {});
  const judged = await eventually('the outcome', async () => {
    const { proposals } = await call('incidents.room', { incident: incident.id });
    return proposals[0]?.progress.state === 'done' && proposals[0].progress;
  });
  expect(judged).toMatchObject({ outcome: 'improved' });
});

it('lets nobody pause or resume where nothing is played, and begins the next drill running', async () => {
  const { call } = await playing();
  await call('drills.pause', {});
  await call('drills.end', {});
  for (const name of ['drills.pause', 'drills.resume', 'drills.end'] as const)
    await expect(call(name, {})).rejects.toMatchObject({ code: 'conflict' });
  await call('drills.start', { scenario: 'bad-deploy', seed: 8 });
  expect((await call('host.status', {})).drill).toMatchObject({ paused: false, speed: 1 });
});

it('tells nothing of the answer before the drill has ended, and all of it after', async () => {
  const { call, heard, incident } = await playing();
  await call('drills.list', {});
  await call('drills.past', {});
  await call('incidents.list', {});
  await call('report.read', { incident: incident.id });
  await call('report.export', { incident: incident.id, format: 'json' });
  await call('ledger.entries', { realm: 'drill', limit: 500 });
  await expect(call('drills.debrief', { incident: incident.id })).rejects.toMatchObject({ code: 'conflict' });
  await expect(call('drills.exportDebrief', { incident: incident.id })).rejects.toMatchObject({
    code: 'conflict',
  });
  const during = heard.join('\n');

  await call('drills.end', {});
  const { truth, score } = await call('drills.debrief', { incident: incident.id });
  expect(truth.changes).toHaveLength(1);
  for (const answer of [truth.conclusion, ...truth.helps]) {
    expect(answer.length).toBeGreaterThan(10);
    expect(during).not.toContain(answer);
  }
  // The analyst comes to a conclusion of its own, which is an object; that of the answer is a text.
  expect(during).not.toMatch(/"(truth|decoys|helps|harms|beganMs)"|"conclusion":"/);
  expect(await call('drills.past', {})).toMatchObject([{ incident: incident.id, score }]);
  const file = await call('drills.exportDebrief', { incident: incident.id });
  expect(file.content).toContain(`## Score: ${score} of 100`);
  expect(
    (await call('ledger.entries', { realm: 'drill', kind: 'drill.debrief', limit: 5 }))[0]?.says,
  ).toMatch(/ scored \d+ of 100 in bad-deploy, seed 7$/);
});

it('debriefs a drill whose trouble is over when the next one begins, and no real incident', async () => {
  const { call, incident } = await playing();
  const real = await call('incidents.open', { title: 'Checkout fails', severity: 'sev2' });
  await expect(call('drills.debrief', { incident: real.id })).rejects.toMatchObject({ code: 'not_found' });
  await call('incidents.close', { incident: incident.id, reason: 'seen enough' });
  await expect(call('drills.debrief', { incident: incident.id })).rejects.toMatchObject({
    code: 'not_found',
  });
  await call('drills.start', { scenario: 'bad-deploy', seed: 8 });
  expect(await call('drills.debrief', { incident: incident.id })).toMatchObject({
    seed: 7,
    times: { mitigation: null },
  });
});

it('says how far its start is, step by step, and nothing of it before or after', async () => {
  const host = await opened();
  const told: string[] = [];
  host.subscribe((event) => {
    if (event.name !== 'status.changed') return;
    const step = event.status.drillStarting ?? 'none';
    if (told.at(-1) !== step) told.push(step);
  });
  const call = callerOf(host);
  expect(await call('host.status', {})).not.toHaveProperty('drillStarting');
  await call('drills.start', { scenario: 'bad-deploy', seed: 7 });
  await eventually(
    'the end of the start',
    async () => told.at(-1) === 'none' && told.some((step) => step !== 'none'),
  );
  // What is told too soon after another is told together with it: a step that takes no time may be passed over.
  const steps = told.filter((step) => step !== 'none');
  expect(steps.length).toBeGreaterThan(0);
  expect(steps).toEqual(DRILL_STEPS.filter((step) => steps.includes(step)));
  expect(await call('host.status', {})).not.toHaveProperty('drillStarting');
});
