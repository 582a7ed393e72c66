import { expect, it } from 'vitest';
import { guardedLookup } from '../../../electron/platform/forbidden-address.ts';

const lookUp = (host: string) =>
  new Promise((resolve, reject) => {
    guardedLookup()(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

it('refuses a name that leads to a link-local address at the moment of connecting', async () => {
  await expect(lookUp('169.254.169.254')).rejects.toMatchObject({ code: 'refused' });
});

it('lets loopback through', async () => {
  expect(await lookUp('127.0.0.1')).toEqual([{ address: '127.0.0.1', family: 4 }]);
});
