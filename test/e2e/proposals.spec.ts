import type { Locator } from '@playwright/test';
import { ProposalId } from '../../shared/vocabulary/ids.ts';
import type { Proposal, Recheck, Trial } from '../../shared/vocabulary/proposal.ts';
import { lostStep } from '../fixtures/fake-host/trouble-fixture.ts';
import { expect, startDrill, test } from './room-with-fake-host.ts';

const proposal = ProposalId.parse('prop-1');
const yes = { kind: 'accepted' as const, sentence: 'The server would take it' };
const recheckWith = (trial: Partial<Trial>): Recheck => ({
  proposal,
  atMs: Date.now() + 60_000,
  answer: { kind: 'unchanged' },
  trial: { atMs: Date.now(), action: yes, backOut: yes, permissions: yes, ...trial },
});
const shot = (name: string) => process.env['SHOTS'] && `${process.env['SHOTS']}/${name}.png`;

test('the card says what the server would say, and cannot be approved against it', async ({ app, host }) => {
  const card = await startDrill(app);
  const tried = card.getByRole('list', { name: 'Tried beforehand' });
  await expect(tried).toBeHidden();
  await card.getByText('Permissions: accepted. Dry run: accepted, of the back-out: not tried').click();
  await expect(tried.getByRole('listitem')).toHaveText([
    /^Permissions: The credentials may/,
    /^Dry run: /,
    /^Dry run of the back-out: /,
  ]);
  await expect(card.getByRole('button', { name: 'Approve' })).toBeEnabled();
  // Where none of it is refused that is one line, which stays open once it was opened.
  const why = 'Unleash knows no trial run, so it was not asked';
  const untried = { kind: 'untried' as const, because: why };
  host.publish({ name: 'proposal.rechecked', recheck: recheckWith({ action: untried, backOut: untried }) });
  await expect(card).toContainText('Permissions: accepted. Dry runs: not tried');
  await expect(tried).toContainText(why);
  host.publish({ name: 'proposal.rechecked', recheck: recheckWith({}) });
  await expect(card).toContainText('Permissions and both dry runs: accepted');
  const because = 'The credentials of drill may not patch deployments.apps for shop/payments.';
  host.publish({
    name: 'proposal.rechecked',
    recheck: recheckWith({ permissions: { kind: 'refused', because } }),
  });
  await expect(tried).toContainText(because);
  await expect(card.getByRole('button', { name: 'Approve' })).toBeDisabled();
  await expect(card).toContainText('It cannot be approved: The credentials may not do all of it.');
  await app.keyboard.press('a');
  await expect(app.getByRole('dialog')).toHaveCount(0);
});

test('a person proposes an action by hand and takes it back', async ({ app, host }) => {
  await startDrill(app);
  await app.getByRole('button', { name: 'Propose an action' }).click();
  const dialog = app.getByRole('dialog', { name: 'Propose an action' });
  await expect(dialog.getByRole('combobox', { name: 'Action' })).toHaveValue('scale-workload');
  await dialog.getByRole('textbox', { name: 'namespace' }).fill('shop');
  await dialog.getByRole('textbox', { name: 'name', exact: true }).fill('payments');
  await dialog.getByRole('textbox', { name: 'replicas' }).fill('six');
  await dialog.getByRole('textbox', { name: 'Why' }).fill('It is too small for the evening');
  await dialog.getByRole('textbox', { name: 'Service' }).fill('payments');
  await dialog.getByRole('textbox', { name: 'Metric' }).fill('error_ratio');
  await dialog.getByRole('textbox', { name: 'Threshold' }).fill('low');
  const propose = dialog.getByRole('button', { name: 'Propose', exact: true });
  await propose.click();
  await expect(dialog.getByRole('alert')).toContainText('replicas is no number');
  await dialog.getByRole('textbox', { name: 'replicas' }).fill('6');
  await propose.click();
  await expect(dialog.getByRole('alert')).toContainText('Threshold is no number');
  await dialog.getByRole('textbox', { name: 'Threshold' }).fill('1 %');
  if (shot('propose')) await app.screenshot({ path: shot('propose') as string });
  await propose.click();
  await expect(dialog).toBeHidden();
  expect(host.asked.find(({ name }) => name === 'proposals.propose')?.input).toMatchObject({
    action: 'scale-workload',
    input: { cluster: 'drill-cluster', kind: 'Deployment', namespace: 'shop', name: 'payments', replicas: 6 },
    expectedEffect: { threshold: 0.01 },
  });

  const card = app.getByRole('article', { name: 'Proposal: Scale payments to 6' });
  await expect(card).toContainText('by you');
  await card.getByRole('button', { name: 'Withdraw' }).click();
  await app.getByRole('dialog').getByRole('textbox').fill('wrong service');
  await app.getByRole('dialog').getByRole('button', { name: 'Withdraw it' }).click();
  await expect(card).toContainText('wrong service');
  await expect(card.getByRole('button', { name: 'Approve' })).toBeDisabled();
  await card.getByRole('button', { name: 'Propose again' }).click();
  await expect(app.getByRole('article', { name: 'Proposal: Scale payments to 6' })).toHaveCount(2);
});

test('a revision takes the place of the open proposal', async ({ app, host }) => {
  const card = await startDrill(app);
  const [shown] = host.room('inc-1').proposals;
  if (!shown) throw new Error('the drill has a proposal');
  host.put({
    ...shown,
    action: 'scale-workload',
    arguments: { namespace: 'shop', name: 'payments', replicas: 4 },
  });
  await card.getByRole('button', { name: 'Revise' }).click();
  const dialog = app.getByRole('dialog', { name: 'Revise this proposal' });
  await expect(dialog.getByRole('textbox', { name: 'namespace' })).toHaveValue('shop');
  await expect(dialog.getByRole('textbox', { name: 'replicas' })).toHaveValue('4');
  await dialog.getByRole('textbox', { name: 'replicas' }).fill('5');
  await dialog.getByRole('button', { name: 'Propose the revision' }).click();
  await expect(card).toContainText('withdrew it');
  expect(host.asked.find(({ name }) => name === 'proposals.revise')?.input).toMatchObject({
    input: { namespace: 'shop', name: 'payments', replicas: 5 },
  });
  await expect(app.getByRole('article', { name: 'Proposal: Scale payments to 6' })).toContainText(
    'in the place of an earlier one',
  );
});

test('what was lost is shown with what the target shows of it', async ({ app, host }) => {
  const card = await startDrill(app);
  host.move(proposal, lostStep());
  await expect(card).toContainText('The target shows that it was applied');
  await expect(card).toContainText('The field manager prop-1 stands on the Deployment.');
  await expect(card.getByRole('button', { name: 'Back out' })).toBeDisabled();
});

test('a target that drifted turns the card grey, is told field by field, and cannot be approved', async ({
  app,
  host,
}) => {
  const card = await startDrill(app);
  host.publish({
    name: 'proposal.rechecked',
    recheck: {
      proposal,
      atMs: Date.now() + 60_000,
      answer: {
        kind: 'drifted',
        because: 'revision 42, was 41',
        differences: [{ field: 'revision', was: '41', is: '42' }],
      },
      trial: null,
    },
  });
  await expect(card).toContainText('Changed since proposed: revision 42, was 41');
  await expect(card.getByRole('button', { name: 'Approve' })).toBeDisabled();
  const row = card.getByRole('table').getByRole('row').nth(1);
  await expect(row.getByRole('rowheader')).toHaveText('revision');
  await expect(row.getByRole('cell')).toHaveText(['41', '42']);
  if (shot('drift')) await app.screenshot({ path: shot('drift') as string });
});

test('whoever goes on to another button of a card keeps the focus there', async ({ app, host }) => {
  const card = await startDrill(app);
  const [shown] = host.drillProposals();
  if (!shown) throw new Error('The drill has a proposal');
  // As soon as the button is there, before the card would take the focus.
  await app.evaluate(() => {
    new MutationObserver((_, observer) => {
      const applied = [...document.querySelectorAll('button')].find(({ textContent }) =>
        textContent?.startsWith('It was applied'),
      );
      if (!applied) return;
      applied.focus();
      observer.disconnect();
    }).observe(document.body, { childList: true, subtree: true });
  });
  host.move(shown.id, lostStep());
  const applied = card.getByRole('button', { name: 'It was applied' });
  await expect(applied).toBeFocused();
  await app.waitForTimeout(300);
  await expect(applied).toBeFocused();
});

test.describe('at 1280 × 720', () => {
  test.use({ viewport: { width: 1280, height: 720 } });
  for (const tier of ['ack', 'confirm', 'two-person'] as const) {
    test(`blast radius and back-out of the widest card stand beside its Approve button, at tier ${tier}`, async ({
      app,
      host,
    }) => {
      const card = await startDrill(app);
      // With an escalation below, the cards have the least room.
      await expect(app.getByRole('region', { name: 'Escalations' })).toContainText('Fail over');
      const [shown] = host.drillProposals();
      if (!shown) throw new Error('The drill has a proposal');
      host.put(widest(shown, tier));
      await expect(card).toContainText('renewals-by-direct-debit');

      // The newest answer to "is it still so": two more lines on the strip.
      host.publish({ name: 'proposal.rechecked', recheck: { ...recheckWith({}), proposal: shown.id } });
      await expect(card).toContainText('both dry runs: accepted');
      if (shot(`widest-${tier}`)) await app.screenshot({ path: shot(`widest-${tier}`) as string });
      for (const label of ['Blast radius', 'Back-out'])
        await expect.poll(() => firstLineInView(card, label), label).toBe(true);
      // All of the button, and nothing lies on it.
      await expect(card.getByRole('button', { name: 'Approve' })).toBeInViewport({ ratio: 1 });
    });
  }
});

/** As wide as the actions make them: two services of long names in each sentence, a request with a body as a command. */
function widest(proposal: Proposal, tier: 'ack' | 'confirm' | 'two-person'): Proposal {
  const flag = 'subscriptions-and-renewals-by-direct-debit-new-retry-policy';
  const request = (value: string) =>
    `curl -H "Authorization: $UNLEASH_TOKEN" -H 'Content-Type: application/json' -X PATCH -d '[{"op":"replace","path":"/parameters/rollout","value":"${value}"}]' "$UNLEASH_URL/api/admin/projects/payments/features/${flag}/environments/production/strategies/0b1b6c1e-5d1e-4f2a-9a53-6f3c6e1f7a11"`;
  const { verdict } = proposal;
  if (verdict.kind !== 'offer') throw new Error('What is drawn is offered');
  return {
    ...proposal,
    command: request('0'),
    backOutCommand: request('100'),
    blastRadius: {
      class: 'cluster',
      sentence: `flag ${flag} in production, 14 deployments of 6 namespaces read it, two of them tier-1 services`,
    },
    verdict: { ...verdict, tier },
  };
}

/** Whether the beginning of what stands under a label can be read somewhere in the card, covered by nothing. */
function firstLineInView(card: Locator, label: string): Promise<boolean> {
  return card.evaluate(
    (article, wanted) =>
      [...article.querySelectorAll('dt')].some((term) => {
        const text = term.textContent === wanted && term.nextElementSibling;
        const line = text && [...text.querySelectorAll('.inert')].at(-1)?.getClientRects()[0];
        if (!line || line.width === 0) return false;
        return [line.top + 2, line.bottom - 2].every((y) => {
          const seen = document.elementFromPoint(line.left + 3, y);
          return seen !== null && text.contains(seen);
        });
      }),
    label,
  );
}
