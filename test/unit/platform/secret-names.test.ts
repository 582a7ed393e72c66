import { expect, it } from 'vitest';
import { withoutSecrets } from '../../../electron/platform/secret-names.ts';

it.each([
  ['connecting to postgres://shop:hunter2@db:5432/shop', 'connecting to postgres://(hidden)@db:5432/shop'],
  ['login failed password=hunter2 user=mina', 'login failed password=(hidden) user=mina'],
  ['{"level":"error","api_key":"hunter2","status":500}', '{"level":"error","api_key":(hidden),"status":500}'],
  ['Authorization: Bearer hunter2 rejected', 'Authorization: (hidden) rejected'],
  ["env DB_SECRET='hunter 2' is old", 'env DB_SECRET=(hidden) is old'],
])('hides the secret in %j and leaves the rest', (line, shown) => {
  expect(withoutSecrets(line)).toBe(shown);
});

it('leaves a line without one as it is', () => {
  const line = 'level=error msg="upstream did not answer" status=503 path=/v1/orders trace_id=ab12';
  expect(withoutSecrets(line)).toBe(line);
});
