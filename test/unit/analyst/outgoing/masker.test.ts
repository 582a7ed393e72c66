import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { heldSecrets } from '../../../../electron/analyst/outgoing/masking/held-secrets.ts';
import { masker } from '../../../../electron/analyst/outgoing/masking/masker.ts';
import { keptPatterns } from '../../../../electron/analyst/outgoing/masking/patterns.ts';
import { personal } from '../../../../electron/analyst/outgoing/masking/personal.ts';
import { FORMATS } from '../../../fixtures/planted-secrets/formats.ts';

const HELD = 'kT7-held"secret/9+x';

function session({ addresses = false } = {}) {
  const held = heldSecrets();
  held.register(HELD);
  return masker({ held: held.find, patterns: keptPatterns, personal: personal({ addresses }) });
}
const masked = async (value: unknown, options?: { addresses?: boolean }) =>
  (await session(options).mask([{ value, by: 'others' }]))[0];

const github = `ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`;

it.each([
  ['a held secret', `x ${HELD} y`, 'x <HELD_1> y'],
  ['a held secret in JSON within a text', `x ${JSON.stringify({ a: HELD })} y`, 'x {"a":"<HELD_1>"} y'],
  ['a held secret in a URL', `?k=${encodeURIComponent(HELD)}&x=1`, '?k=<HELD_1>&x=1'],
  ['a held secret in base64', `data ${Buffer.from(HELD).toString('base64')}`, /^data <HELD_1>.{0,4}$/],
  [
    'a held secret in what was encoded with a user name',
    `got ${Buffer.from(`u:${HELD}`).toString('base64')}`,
    /^got .{2,4}<HELD_1>.{0,4}$/,
  ],
  ['a held secret that was cut', `token ${HELD.slice(0, 9)}…`, 'token <HELD_1>…'],
  [
    'a variable with a telling name',
    'export DB_PASSWORD=hunter2!x next',
    'export DB_PASSWORD=<SECRET_1> next',
  ],
  ['a quoted field with a telling name', '{"api_key": "s3cr3t value"}', '{"api_key": "<SECRET_1>"}'],
  ['an authorization header', 'Authorization: Bearer abc.def', 'Authorization: <SECRET_1>'],
  ['a cookie header', 'set-cookie: sid=1; Path=/', 'set-cookie: <SECRET_1>'],
  ['user info in a URL', 'postgres://app:pw@db:5432/x', 'postgres://<SECRET_1>@db:5432/x'],
  ['a web token', `jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc`, 'jwt <SECRET_1>'],
  [
    'a private key',
    'a\n-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\nb',
    'a\n<SECRET_1>\nb',
  ],
  ['a key without an end', 'a -----BEGIN PRIVATE KEY----- MIIB', 'a <SECRET_1>'],
  ['a token of a known service', `pushed with ${github} today`, 'pushed with <SECRET_1> today'],
  [
    'such a token beside a comment that would switch the rules off',
    `secretlint-disable ${github}`,
    'secretlint-disable <SECRET_1>',
  ],
  ['such a token far into a long line', `${'lorem ipsum '.repeat(900)}${github}`, /ipsum <SECRET_1>$/],
  [
    'the data of a manifest',
    'kind: Secret\ndata:\n  db: aHVudGVyMg==\n',
    'kind: Secret\ndata:\n  db: <SECRET_1>\n',
  ],
  ['an e-mail address', 'mail jo.do+x@shop.example now', 'mail <EMAIL_1> now'],
  ['an address in a URL', '?to=jo%40shop.example', '?to=<EMAIL_1>'],
  ['a telephone number', 'call +49 (0)30 901820, please', 'call <PHONE_1>, please'],
  ['a card', 'paid 4111 1111 1111 1111.', 'paid <CARD_1>.'],
  ['an account', 'to DE89 3704 0044 0532 0130 00 at once', 'to <IBAN_1> at once'],
  ['a social security number', 'ssn 078-05-1120', 'ssn <ID_1>'],
  ['a number by its name', 'BSN: 111222333', 'BSN: <ID_1>'],
  ['what only looks like a token', 'say <EMAIL_1> to jo@shop.example', 'say <LITERAL_1> to <EMAIL_1>'],
])('masks %s', async (_case, text, expected) => {
  expect(await masked(text)).toEqual(
    typeof expected === 'string' ? expected : expect.stringMatching(expected),
  );
});

it.each([
  ['times and counts', 'at 2026-03-01T10:00:00.123Z epoch 1772359200123 took 120ms token_count=15'],
  ['names of pods and digests', 'checkout-7d9f8b6c5-x2x9z sha256:9f86d081884c7d659a2feaa0c55ad015'],
  ['addresses of machines unless told to', 'dial tcp 10.0.12.7:5432: connect refused'],
  ['a number that no network gave out', '1772359200123456789 4111 1111 1111 1112'],
  ['the name of a secret', '{"secretName":"db-credentials","secretKeyRef":{"name":"db"}}'],
])('leaves %s', async (_case, text) => {
  expect(await masked(text)).toBe(text);
});

test('masks names of internal hosts when told to, and no others', async () => {
  const text =
    'orders.shop.svc.cluster.local:8080 via ip-10-0-1-2.eu-west-1.compute.internal, not payments.example.com or local.example, nor a.internal.example';
  expect(await masked(text)).toBe(text);
  expect(await masked(text, { addresses: true })).toBe(
    '<HOST_1>:8080 via <HOST_2>, not payments.example.com or local.example, nor a.internal.example',
  );
});

test('masks addresses of machines when told to', async () => {
  expect(await masked('from 10.0.12.7 and fe80::1', { addresses: true })).toBe('from <IP_1> and <IP_2>');
});

test('masks by where a value stands in JSON', async () => {
  expect(
    await masked({
      env: [
        { name: 'STRIPE_KEY', value: 'rk-9 x' },
        { name: 'PORT', value: '8080' },
      ],
      diff: [{ path: 'data.password', before: 'old!pass', after: 'new!pass' }],
      object: { kind: 'Secret', metadata: { name: 'db' }, data: { user: 'YXBw' } },
      key: 'k8s:deploy/checkout@41',
      card: 4111111111111111,
    }),
  ).toEqual({
    env: [
      { name: 'STRIPE_KEY', value: '<SECRET_1>' },
      { name: 'PORT', value: '8080' },
    ],
    diff: [{ path: 'data.password', before: '<SECRET_2>', after: '<SECRET_3>' }],
    object: { kind: 'Secret', metadata: { name: 'db' }, data: { user: '<SECRET_4>' } },
    key: 'k8s:deploy/checkout@41',
    card: '<CARD_1>',
  });
});

test('masks a value everywhere once it was seen where secrets stand', async () => {
  const { mask } = session();
  const [first, second] = await mask([
    { value: 'login failed for correct-horse', by: 'others' },
    { value: 'PASSWORD=correct-horse', by: 'others' },
  ]);
  expect([first, second]).toEqual(['login failed for <SECRET_1>', 'PASSWORD=<SECRET_1>']);
  const [later] = await mask([{ value: 'again correct-horse', by: 'model' }]);
  expect(later).toBe('again <SECRET_1>');
});

test('keeps the model’s own tokens, and puts no secret back, whoever’s it is', async () => {
  const { mask, restored } = session();
  await mask([{ value: `jo@shop.example ${HELD} password=hunter2hunter2`, by: 'others' }]);
  const [own] = await mask([{ value: 'wrote to <EMAIL_1> and <EMAIL_9>', by: 'model' }]);
  expect(own).toBe('wrote to <EMAIL_1> and <LITERAL_1>');
  expect(restored({ say: ['<EMAIL_1> <HELD_1> <SECRET_1> <PHONE_4>'] })).toEqual({
    say: ['jo@shop.example <HELD_1> <SECRET_1> <PHONE_4>'],
  });
});

test('sends nothing that the kept rules could not be asked about', async () => {
  const failing = masker({
    held: () => [],
    patterns: () => Promise.reject(new Error('no answer')),
    personal: () => [],
  });
  await expect(failing.mask([{ value: 'text', by: 'others' }])).rejects.toThrow('no answer');
});

const piece = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    HELD,
    'jo@shop.example',
    '<EMAIL_1>',
    '<',
    'password=',
    '4111111111111111',
    '\u0000',
    '\n',
    '"',
  ),
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
const json = fc.jsonValue({ maxDepth: 3 });

/** Whether one is the other but for tokens of secrets, each of which stands for anything. */
function isSameButForSecrets(back: string, given: string): boolean {
  // One after the other is one gap.
  const kept = back.split(/(?:<(?:HELD|SECRET)_\d+>)+/);
  let at = 0;
  for (const [place, part] of kept.entries()) {
    const found = place === kept.length - 1 ? given.lastIndexOf(part) : given.indexOf(part, at);
    if (found < at || (place === 0 && found !== 0)) return false;
    at = found + part.length;
  }
  return at === given.length;
}

test('what is masked is restored exactly, whatever it is, but for secrets', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 6 }), json, async (texts, value) => {
      const { mask, restored } = session();
      const given = [...texts, value].map((one) => ({ value: one, by: 'others' as const }));
      const sent = JSON.stringify(await mask(given));
      expect(sent).not.toContain(JSON.stringify(HELD).slice(1, -1));
      const whole = JSON.stringify(given.map(({ value: one }) => one));
      const back = JSON.stringify(restored(JSON.parse(sent)));
      if (!/\d{13}/.test(JSON.stringify(value)) && !/HELD_|SECRET_/.test(whole))
        expect(isSameButForSecrets(back, whole), `${back} of ${whole}`).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('what was masked and comes back in the model’s words is restored as before, but for secrets', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (one) => {
      const { mask, restored } = session();
      const [sent] = await mask([{ value: one, by: 'others' }]);
      const [again] = await mask([{ value: sent, by: 'model' }]);
      // What stands beside a masked secret may be taken for a part of it the second time.
      expect(isSameButForSecrets(String(restored(again)), String(restored(sent)))).toBe(true);
    }),
    { numRuns: 40 },
  );
});

it.each(Object.entries(FORMATS))(
  'lets no secret of %s through, by whatever name and way it comes',
  async (_name, format) => {
    const secret = 'hunter2-geheim';
    const text = format({ secret, name: 'db_password', around: [['x_id', '40']] });
    const values = { file: text, lines: text.split('\n\n'), inText: JSON.stringify({ file: text }) };
    expect(JSON.stringify(await masked(values.file))).not.toContain(secret);
    expect(JSON.stringify(await masked({ data: values }))).not.toContain(secret);
  },
);
