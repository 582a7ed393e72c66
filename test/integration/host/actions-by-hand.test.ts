import { afterEach, expect, it } from 'vitest';
import { createHost } from '../../../electron/host/create-host.ts';
import type { Host } from '../../../electron/host/host.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { digestOfShown } from '../../../electron/proposals/decide.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';

let host: Host | undefined;
afterEach(() => host?.close());

async function startedDrill() {
  host = await createHost({
    dataDir: newDataDir(),
    shell: 'web',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
  });
  const call = callerOf(host);
  const incident = await call('drills.start', { scenario: 'bad-deploy', seed: 7 });
  const { target } = await eventually(
    'the analyst’s own proposal',
    async () => (await call('incidents.room', { incident: incident.id })).proposals[0],
  );
  const propose = (action: string, input: Record<string, string>) =>
    call('proposals.propose', {
      incident: incident.id,
      action,
      input,
      expectedEffect: {
        service: target.name,
        metric: 'error_rate',
        comparison: 'below',
        threshold: 0.05,
        withinMinutes: 10,
      },
      rationale: 'A person at the controls wants it',
    });
  return { call, target, propose };
}

it('holds a rollout by hand, tried beforehand on the server, and lets it go on by its way back', async () => {
  const { call, target, propose } = await startedDrill();
  const { cluster, namespace, name } = target;
  const input = { cluster, kind: 'Deployment', namespace, name };
  const paused = await propose('pause-rollout', input);
  expect(paused).toMatchObject({
    title: `Pause the rollout of ${name}`,
    command: `kubectl -n ${namespace} rollout pause deployment/${name}`,
    backOutCommand: `kubectl -n ${namespace} rollout resume deployment/${name}`,
    verdict: { kind: 'offer' },
  });
  const { trial } = await call('proposals.recheck', { proposal: paused.id });
  expect(trial).toMatchObject({
    action: { kind: 'accepted' },
    backOut: { kind: 'accepted' },
    permissions: { kind: 'accepted' },
  });
  const approve = (proposal: typeof paused) =>
    call('proposals.approve', {
      proposal: proposal.id,
      shownDigest: digestOfShown(proposal),
      typedTarget: proposal.target.name,
    });
  expect((await approve(paused)).progress.state).toBe('watching');
  await expect(propose('pause-rollout', input)).rejects.toMatchObject({ code: 'conflict' });

  const resumed = await call('proposals.backOut', { proposal: paused.id });
  expect(resumed).toMatchObject({
    action: 'resume-rollout',
    backsOut: paused.id,
    verdict: { kind: 'offer' },
  });
  expect((await approve(resumed)).progress.state).toBe('watching');
  await expect(propose('resume-rollout', input)).rejects.toMatchObject({ code: 'conflict' });
});
