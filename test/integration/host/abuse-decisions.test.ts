import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHost } from '../../../electron/host/create-host.ts';
import type { Host } from '../../../electron/host/host.ts';
import { verifyBundle } from '../../../electron/ledger/bundle/verify-bundle.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { digestOfShown } from '../../../electron/proposals/decide.ts';
import type { Proposal } from '../../../shared/vocabulary/proposal.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';

const PASSPHRASE = 'the first passphrase';
const BOBS = 'his own passphrase';

let host: Host;
let call: ReturnType<typeof callerOf>;
let proposal: Proposal;

/** A host of its own for what follows, as nothing of it may be left over from before. */
async function start(): Promise<void> {
  host = await createHost({
    dataDir: newDataDir(),
    shell: 'web',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
    passphrase: PASSPHRASE,
  });
  call = callerOf(host);
}

async function startDrill(): Promise<void> {
  await start();
  const incident = await call('drills.start', { scenario: 'bad-deploy', seed: 7 });
  proposal = await eventually(
    'the proposal',
    async () => (await call('incidents.room', { incident: incident.id })).proposals[0],
  );
}

const shown = () => ({
  proposal: proposal.id,
  shownDigest: digestOfShown(proposal),
  typedTarget: proposal.target.name,
});
const stored = async () =>
  (await call('incidents.room', { incident: proposal.incident })).proposals.find(
    ({ id }) => id === proposal.id,
  );
const kinds = async () =>
  (await call('ledger.entries', { realm: 'drill', limit: 500 })).map(({ kind }) => kind);

/** As raw as a renderer that was taken over could send it. */
const send = (name: string, input: unknown) => host.dispatch(name, input);

describe('a screen that lies', () => {
  beforeAll(startDrill);
  afterAll(() => host.close());

  it('decides nothing by anything but the id and digest of what was shown', async () => {
    const digest = (text: string) => createHash('sha256').update(text).digest('hex');
    const answers: [string, unknown, string][] = [
      ['a text that was never shown', { ...shown(), shownDigest: digest('Restart nothing') }, 'conflict'],
      ['no digest', { proposal: proposal.id, typedTarget: proposal.target.name }, 'bad_input'],
      ['a proposal of its own', { ...shown(), command: 'kubectl delete ns shop' }, 'bad_input'],
      ['a person of its own', { ...shown(), person: 'Mina' }, 'bad_input'],
      ['a signature of its own', { ...shown(), signature: 'AAAA' }, 'bad_input'],
      ['a tier of its own', { ...shown(), tier: 'ack' }, 'bad_input'],
      ['a proposal that is none', { ...shown(), proposal: 'prop-none' }, 'not_found'],
      ['a prototype', JSON.parse(`{"__proto__":{"proposal":"${proposal.id}"}}`), 'bad_input'],
      ['no typed name', { proposal: proposal.id, shownDigest: digestOfShown(proposal) }, 'bad_input'],
      ['a look-alike name', { ...shown(), typedTarget: lookAlike(proposal.target.name) }, 'bad_input'],
      ['somebody who is not there', { ...shown(), by: 'idn-0123456789' }, 'not_found'],
      ['an id that is none', { ...shown(), by: '../first' }, 'bad_input'],
    ];
    for (const [what, input, code] of answers) {
      expect([what, await send('proposals.approve', input)]).toMatchObject([what, { ok: false, code }]);
    }
    expect((await stored())?.progress.state).toBe('offered');
    expect(await kinds()).not.toContain('decision');
    expect(await kinds()).not.toContain('intent');
  });

  it('executes once, whatever it sends at the same time and again', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => send('proposals.approve', shown())));
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await send('proposals.approve', shown())).toMatchObject({ ok: false, code: 'conflict' });
    expect((await kinds()).filter((kind) => kind === 'intent')).toHaveLength(1);
  });
});

const lookAlike = (name: string) => name.replace('o', 'о').replace('a', 'а').replace('e', 'е');

describe('two people at one machine', () => {
  let bob: string;
  const heard: string[] = [];
  beforeAll(async () => {
    await startDrill();
    host.subscribe((event) => heard.push(JSON.stringify(event)));
    const { identities } = await call('identity.create', { name: 'Bob', passphrase: BOBS });
    bob = identities.find(({ name }) => name === 'Bob')?.id ?? '';
  });
  afterAll(() => host.close());

  it.each(['Bоb', 'b o b', 'BOB', 'Countersign', 'Bob\u200b', '<b>Bob</b>'])(
    'are never two called %s',
    async (name) => {
      expect(await send('identity.create', { name, passphrase: BOBS })).toMatchObject({ ok: false });
      expect((await call('identity.list', {})).identities).toHaveLength(2);
    },
  );

  it('decide under their own names, and anybody can verify who did', async () => {
    expect(await send('identity.use', { identity: bob, passphrase: PASSPHRASE })).toMatchObject({
      ok: false,
      code: 'unauthorized',
    });
    await call('identity.use', { identity: bob, passphrase: BOBS });
    expect((await call('host.status', {})).person).toBe('Bob');
    // Another window still shows the first person.
    expect(await send('proposals.approve', { ...shown(), by: 'first' })).toMatchObject({
      ok: false,
      code: 'conflict',
    });
    const approved = await call('proposals.approve', { ...shown(), by: bob });
    expect(approved.progress).toMatchObject({ decision: { person: 'Bob' } });
    for (const realm of ['real', 'drill'] as const)
      expect(await call('ledger.verify', { realm })).toMatchObject({ ok: true });
    const { directory } = await call('ledger.export', { realm: 'drill', withoutPersonal: false });
    expect(verifyBundle(directory)).toMatchObject({ ok: true });
  });

  it('leave neither passphrase nor key in anything the host says', async () => {
    heard.push(JSON.stringify(await call('identity.list', {})));
    for (const realm of ['real', 'drill'] as const)
      heard.push(JSON.stringify(await call('ledger.entries', { realm, limit: 500 })));
    const all = heard.join('\n');
    expect(all).toContain('Bob');
    for (const secret of [BOBS, PASSPHRASE, 'MC4CAQAwBQYDK2Vw']) expect(all).not.toContain(secret);
  });
});

describe('a machine that was left alone', () => {
  beforeAll(start);
  afterAll(() => host.close());

  it('keeps reading and stopping, but opens no secret before the passphrase is given again', async () => {
    await call('identity.lock', {});
    expect(await call('host.status', {})).toMatchObject({ vault: 'locked', identity: { state: 'locked' } });
    const secret = {
      kind: 'prometheus',
      name: 'p',
      url: 'http://127.0.0.1:1',
      auth: { kind: 'bearer', token: 'x'.repeat(20) },
    };
    expect(await send('connections.add', secret)).toMatchObject({ ok: false, code: 'locked' });
    expect(await send('identity.create', { name: 'Bob', passphrase: BOBS })).toMatchObject({
      ok: false,
      code: 'locked',
    });
    await call('stop.engage', { reason: 'also while it is locked' });
    await call('stop.lift', { reason: 'the test goes on' });
    expect((await call('host.status', {})).ledgers.real.state).not.toBe('unsigned');
    expect(await send('vault.unlock', { passphrase: 'not the passphrase' })).toMatchObject({
      ok: false,
      code: 'unauthorized',
    });
    await call('vault.unlock', { passphrase: PASSPHRASE });
    expect(await call('host.status', {})).toMatchObject({ vault: 'unlocked', identity: { state: 'open' } });
  });
});
