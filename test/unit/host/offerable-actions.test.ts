import { expect, it } from 'vitest';
import { actions } from '../../../electron/actions/all.ts';
import { loadEnvelope } from '../../../electron/guard/envelope/load-envelope.ts';
import type { LoadedEnvelope } from '../../../electron/guard/envelope/loaded-envelope.ts';
import { offerableActions } from '../../../electron/host/offerable-actions.ts';
import { editEnvelope, envelopeFolder } from '../../fixtures/envelope-folder.ts';

const namesOf = (loaded: LoadedEnvelope | null) =>
  offerableActions(actions, () => loaded)().map(({ name }) => name);

it('are none without an envelope, and with the one that ships what it permits', () => {
  expect(namesOf(null)).toEqual([]);
  expect(namesOf(loadEnvelope('resources/envelope'))).toEqual(
    expect.arrayContaining(['roll-back-deployment', 'set-flag', 'revert-config']),
  );
});

it('follow the envelope: what no policy permits any more has no tool', () => {
  const dir = envelopeFolder();
  editEnvelope(
    dir,
    'policies/10-permit.cedar',
    'action == Action::"set-flag"',
    'action == Action::"evict-pod"',
  );
  const [before, after] = [loadEnvelope('resources/envelope'), loadEnvelope(dir)];
  let inForce: LoadedEnvelope | null = before;
  const offered = offerableActions(actions, () => inForce);
  expect(offered().map(({ name }) => name)).toContain('set-flag');
  inForce = after;
  expect(offered().map(({ name }) => name)).not.toContain('set-flag');
  inForce = null;
  expect(offered()).toEqual([]);
});
