import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { withoutSecrets } from '../../../electron/platform/hide-secrets.ts';
import { FORMATS } from '../../fixtures/planted-secrets/formats.ts';

/** What nobody would take for a word, a number or a reference; found again wherever it stands. */
const secret = fc
  .stringMatching(/^[a-zA-Z0-9!$%*+./_^~-]{0,24}$/)
  .map((rest) => `hunt3r${rest.replace(/[^a-zA-Z0-9]+$/, '')}q`);
const name = fc.constantFrom(
  ...[
    'password',
    'db_password',
    'DB_PASSWORD',
    'dbPassword',
    'passwd',
    'pwd',
    'secret',
    'clientSecret',
    'api_key',
  ],
  ...[
    'apiKey',
    'API-KEY',
    'auth_token',
    'token',
    'access.token',
    'signing_key',
    'private-key',
    'encryptionKey',
  ],
  ...['credential', 'sessionToken', 'smtp_pass', 'DATABASE_DSN', 'passphrase', 'salt', 'webhookSecret'],
);
const around = fc.array(
  fc.tuple(
    fc.stringMatching(/^[a-z][a-z_]{0,10}$/).map((said) => `x_${said}_id`),
    fc.oneof(fc.stringMatching(/^[a-z0-9]{1,12}$/), fc.constantFrom('true', '40', 'a b', 'http://up:80/x')),
  ),
  { maxLength: 6 },
);

describe.each(Object.entries(FORMATS))('%s', (_file, format) => {
  it('holds no secret any more, however it is named and whatever stands around it', () => {
    fc.assert(
      fc.property(fc.record({ secret, name, around }), (planted) => {
        const text = format(planted);
        const told = withoutSecrets(text, { isFile: true });
        expect(told).not.toContain(planted.secret);
        expect(told).not.toContain(encodeURIComponent(planted.secret));
        expect(withoutSecrets(told, { isFile: true })).toBe(told);
        // As it travels within what a system sent, and as part of that in text.
        expect(withoutSecrets(JSON.stringify({ data: { file: text } }))).not.toContain(planted.secret);
      }),
      { numRuns: 200 },
    );
  });
});

const tellingWords = fc.constantFrom(
  ...[
    'password',
    'token',
    ':',
    '=',
    ' ',
    '\n',
    '\n  ',
    '"',
    "'",
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    '- ',
    '--',
    '#',
  ],
  ...[
    '|',
    '>',
    '&a',
    '(hidden)',
    'x',
    '40',
    'name',
    'value',
    'Bearer ',
    '://',
    '@',
    '<',
    '</',
    '/>',
    '=>',
    '…',
    ';',
  ],
);
const garbage = fc.array(tellingWords, { maxLength: 40 }).map((words) => words.join(''));

it('never throws, whatever a text is made of, and hides no less the second time', () => {
  fc.assert(
    fc.property(garbage, fc.boolean(), (text, isFile) => {
      const told = withoutSecrets(text, { isFile });
      expect(told.split('\n')).toHaveLength(text.split('\n').length);
      expect(withoutSecrets(told, { isFile }).replaceAll('(hidden)', '')).not.toMatch(/hidden/);
    }),
    { numRuns: 2_000 },
  );
});

it('finds a secret at any depth of a tree that somebody wrote as YAML or JSON', () => {
  const field = fc.stringMatching(/^[a-z][a-z]{0,8}$/).filter((one) => !/^(name|field|path|key)$/.test(one));
  const leaf = fc.oneof(fc.string({ maxLength: 12 }), fc.integer(), fc.boolean(), fc.constant(null));
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(field, tie('node'), { maxKeys: 3 }),
    ),
  })).node;
  fc.assert(
    fc.property(
      fc.array(field, { maxLength: 4 }),
      secret,
      name,
      tree,
      tree,
      (path, planted, named, before, after) => {
        const inner: object = { before, [named]: planted, after };
        const whole = path.reduce<object>(
          (one, at, depth) => (depth % 2 === 0 ? { [at]: one } : { [at]: [one] }),
          inner,
        );
        for (const text of [stringify(whole), JSON.stringify(whole, null, 2), JSON.stringify(whole)])
          expect(withoutSecrets(text, { isFile: true })).not.toContain(planted);
      },
    ),
    { numRuns: 500 },
  );
});

const many = (part: string) => part.repeat(Math.ceil(300_000 / part.length));
it.each(
  [
    ...[
      'token',
      'token=',
      'token: [',
      'token: "',
      'token: #',
      'token: {\n',
      'password:\n ',
      '--token ',
      'a://a:',
      '!!',
    ],
    ...[
      'token: !',
      'name: token value: ',
      'name: token\n',
      '- value: x\n  name: token\n',
      '<password>',
      '<a key="token">',
    ],
    ...[
      '-----BEGIN PRIVATE KEY-----',
      'curl -u a',
      '[secrets]\na=b\n',
      'a:1:',
      "token='",
      '\\"token\\": \\"',
      'define("token",',
    ],
    ...['password:\n{{', 'login a password ', 'token $', 'eyJaaaaaaaaaa.', 'set token '],
  ].map((part) => [part]),
)('takes no long time for a long text of %j', (part) => {
  // One that is looked through again and again would outlast the time that a test may take.
  expect(withoutSecrets(many(part), { isFile: true })).not.toBe('');
});

it.each([
  [
    'a count and a time',
    'max_tokens: 4096\ntoken_ttl: 30m\nsession.timeout=15\npassword_file: /run/secrets/db',
  ],
  [
    'what refers to a secret',
    'password: $(DB_PASSWORD)\ntoken: {{ .Values.token }}\nsecretName: db\nsecretKeyRef:\n  name: db',
  ],
  ['a switch', 'auth:\n  enabled: true\ntls: off\ncredentials: false'],
  [
    'names that only sound so',
    'author: mina\nmonkey: 3\nbypass: /healthz\nkeyspace: orders\ncompass: north\nsort_by: key',
  ],
  ['a sentence', 'Error: secret "checkout-db" not found, the token expired and its password was reset'],
  ['addresses of IPv6', 'peer 2001:4860:4860:8888::8844 and fe80:1:2:3:4:5:6:7 at 10:31:00'],
  ['an address with a port', 'http://up:8080/path?mail=mina@example.org'],
  [
    'settings of a pool',
    'db:\n  pool:\n    size: 40\n  host: db.shop\n  port: 5432\nlog: {level: info, format: json}',
  ],
])('leaves %s as it stands', (_, text) => {
  expect(withoutSecrets(text, { isFile: !text.includes('not found') })).toBe(text);
});
