import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withoutSecrets } from '../../../electron/platform/hide-secrets.ts';

const SECRET = 'hunter2-of-the-body';

it.each([
  ['a member with a telling name', { password: SECRET }],
  ['one deep inside', { a: [{ b: { apiToken: SECRET } }] }],
  ['a key that signs', { SIGNING_KEY: SECRET }],
  ['an address of a database', { 'DATABASE-DSN': SECRET }],
  ['what is named beside its value', { env: [{ name: 'DB_PASSWORD', value: SECRET }] }],
  ['a field before and after', { field: 'auth.key', before: SECRET, after: SECRET }],
  ['a whole object under a telling name', { credentials: { user: SECRET } }],
  ['a credential in an address', { url: `https://user:${SECRET}@example.org/` }],
  ['a header in a line', { line: `Authorization: Bearer ${SECRET}` }],
])('hides %s', (_, value) => {
  expect(withoutSecrets(JSON.stringify(value))).not.toContain(SECRET);
});

it.each([
  'registry.shop.example/sessions:1.42.0',
  'shop/auth-service:latest',
  `shop/tokens:3f2a9c1@sha256:${'ab'.repeat(32)}`,
  'sessions:v2.1.0-rc.1',
  'Back-off pulling image "registry.shop.example/team/keycloak-auth:24.0.3"',
])('takes the tag of an image for no secret: %s', (text) => {
  expect(withoutSecrets(text)).toBe(text);
  expect(withoutSecrets(text, { isFile: true })).toBe(text);
  expect(withoutSecrets(JSON.stringify({ image: text }))).toBe(JSON.stringify({ image: text }));
});

it.each([
  'auth: error rate above 5 %',
  'session-store: latency_p99 is 2.1 s',
  'password-reset-api: 12 errors a minute',
  'Service auth: selector version=1.1.0 → 2.0.0',
  'HTTPRoute token-service: weight 90 → 10',
  'TokenServiceDown: up{job="token-service"} == 0',
  'secret "web-tls" not found',
  'Token expired for user 12',
])('leaves a sentence about a service whose name tells of secrets: %s', (text) => {
  expect(withoutSecrets(text, { isProse: true })).toBe(text);
});

it.each([
  'login failed, password: hunter2-of-the-body',
  'db_password: hunter2-of-the-body',
  'refused the token: hunter2-of-the-body for shop',
  'at=info token=hunter2-of-the-body status=200',
  'the client secret: hunter2-of-the-body',
  'GET https://shop:hunter2-of-the-body@db/x',
  'sent Authorization: Bearer hunter2-of-the-body',
])('takes a secret out of a sentence: %s', (text) => {
  expect(withoutSecrets(text, { isProse: true })).not.toContain(SECRET);
});

const ofContainer = (name: string) => [
  { path: `containers.${name}.image`, before: `shop/${name}:1.9.6`, after: `shop/${name}:1.9.7` },
  { path: `containers.${name}.env.GIT_COMMIT`, before: '82c420b22ff6', after: '7d3d744a8dbe' },
  { path: `initContainers.${name}.resources.limits.memory`, before: '512Mi', after: '1Gi' },
];

it.each(['sessions', 'auth', 'token-service', 'secret-store', 'password-reset-api'])(
  'shows what changed of a container that is called %s, as an object and as it is quoted',
  (name) => {
    for (const diff of ofContainer(name)) {
      const object = JSON.stringify(diff);
      const quoted = object.slice(1, -1);
      for (const text of [object, quoted, JSON.stringify({ text: quoted })])
        expect(withoutSecrets(text)).toBe(text);
    }
  },
);

it('hides a variable of a container whatever that is called', () => {
  for (const name of ['app', 'sessions', 'image']) {
    const object = JSON.stringify({
      path: `containers.${name}.env.DB_PASSWORD`,
      before: SECRET,
      after: SECRET,
    });
    expect(withoutSecrets(object)).not.toContain(SECRET);
    expect(withoutSecrets(object.slice(1, -1))).not.toContain(SECRET);
  }
});

it('hides what is written in escapes', () => {
  expect(withoutSecrets(`{"\\u0070assword":"${SECRET}"}`)).not.toContain(SECRET);
});

it('hides what has the shape of a credential where it is no JSON', () => {
  expect(withoutSecrets(`at=info token=${SECRET} status=200`)).toBe('at=info token=(hidden) status=200');
});

it.each([
  ['connecting to postgres://shop:hunter2@db:5432/shop', 'connecting to postgres://(hidden)@db:5432/shop'],
  ['login failed password=hunter2 user=mina', 'login failed password=(hidden) user=mina'],
  ['level=error {"api_key":"hunter2","status":500}', 'level=error {"api_key":(hidden),"status":500}'],
  ['Authorization: Basic hunter2 rejected', 'Authorization: (hidden) rejected'],
  ["env DB_SECRET='hunter 2' is old", 'env DB_SECRET=(hidden) is old'],
  ['client.secret = "a \\" hunter 2", next=1', 'client.secret = (hidden), next=1'],
])('hides the secret in the line %j whole, and leaves the rest', (line, shown) => {
  expect(withoutSecrets(line)).toBe(shown);
  expect(withoutSecrets(JSON.stringify({ line }))).toBe(JSON.stringify({ line: shown }));
});

it('takes no long time for a text that is nearly one', () => {
  const text = `${'a.'.repeat(20_000)}token${' '.repeat(20_000)}"${'\\'.repeat(20_001)}`;
  expect(withoutSecrets(text)).toBe(text);
});

it.each([
  '{ "author" : "mina",\n  "groupKey": "{}:{alertname=\\"X\\"}", "tokens": 12, "password": "" }',
  '{"key":"deploy:shop/checkout@7","value":"512","big":12345678901234567890}',
  'no JSON at all',
  'level=error author=mina tokens=512 msg="upstream did not answer" path=/v1/orders trace_id=ab12',
])('leaves what hides nothing as it was, byte for byte', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});

it('changes nothing more when it is done again, and never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      const once = withoutSecrets(text);
      expect(withoutSecrets(once)).toBe(once);
    }),
  );
});

it('walks through no more levels than it has to', () => {
  const deep = `${'['.repeat(5_000)}"Bearer ${SECRET}"${']'.repeat(5_000)}`;
  expect(withoutSecrets(deep)).not.toContain(SECRET);
});
