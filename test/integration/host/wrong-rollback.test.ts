import { expect, it } from 'vitest';
import { computedTime } from '../../../electron/host/drill-time.ts';
import { buildParts } from '../../../electron/host/host-parts.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { digestOfShown } from '../../../electron/proposals/decide.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

it('says unchanged when an innocent service is rolled back, and the analyst reads again', async () => {
  const time = steppedClock((error) => {
    throw error;
  }, Date.parse('2026-03-03T03:00:00Z'));
  const parts = await buildParts({
    dataDir: newDataDir(),
    shell: 'cli',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
    drillTime: computedTime(time.clock),
  });
  try {
    const { drill, drills } = parts;
    const { id } = await drills.start('bad-deploy', 7);
    await drill.worked(id);
    const culprit = drills.truth()?.services[0] ?? '';
    const innocent = drill.timeline
      .ofIncident(id)
      .find((event) => event.kind === 'change' && event.change === 'deploy' && event.service !== culprit);
    const [, namespace, name, revision] = /^deploy:(.+)\/(.+)@(\d+)$/.exec(innocent?.key ?? '') ?? [];
    const target = { cluster: 'drill-cluster', kind: 'Deployment' as const, namespace, name };
    const [offered] = drill.proposals.ofIncident(id);
    if (!offered) throw new Error('the analyst proposes the rollback of the culprit');
    const wrong = await drill.proposals.propose({
      incident: id,
      action: 'roll-back-deployment',
      input: { ...target, to: Number(revision) - 1 },
      expectedEffect: offered.expectedEffect,
      rationale: 'a guess',
      evidence: [],
      confidence: 0.5,
      confidenceRestsOn: 'nothing',
      proposedBy: { kind: 'person', name: 'Mina' },
      backsOut: null,
      causes: [],
    });
    await drill.proposals.approve(wrong.id, {
      person: parts.settings.person(),
      shownDigest: digestOfShown(wrong),
      typedTarget: wrong.target.name,
      reason: '',
    });
    await time.advance(11 * 60_000);
    await drill.analyst.settled();
    expect(drill.proposals.find(wrong.id).progress).toMatchObject({ state: 'done', outcome: 'unchanged' });
    const starts = drill.analyst.runOf(id).steps.filter(({ step }) => step.kind === 'started');
    expect(starts.length).toBeGreaterThan(1);
    expect(drill.incidents.find(id).status).toBe('open');
  } finally {
    await parts.close();
  }
});
