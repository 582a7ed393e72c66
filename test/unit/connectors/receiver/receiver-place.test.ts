import { expect, it } from 'vitest';
import { addressesOf, hostOf } from '../../../../electron/connectors/receiver/addresses.ts';
import { receiverPlace, wrongReceiver } from '../../../../shared/vocabulary/receiver-place.ts';

const token = 't'.repeat(32);
const one = (address: string, family: 'IPv4' | 'IPv6') =>
  ({ address, family, internal: false, netmask: '', mac: '', cidr: null, scopeid: 0 }) as const;
const interfaces = {
  lo: [one('127.0.0.1', 'IPv4')],
  eth0: [one('fe80::1', 'IPv6'), one('fd00::7', 'IPv6'), one('10.0.0.7', 'IPv4')],
};

it.each([
  ['http://127.0.0.1:4319', '127.0.0.1', 4],
  ['http://localhost:4319/', '127.0.0.1', 4],
  ['http://127.0.0.1:4319/events', '127.0.0.1', 1],
  ['http://eth0:4319/github', 'eth0', 1],
  ['http://[fd00::7]:4319', 'fd00::7', 4],
])('%s is a place', (url, host, takes) => {
  expect(receiverPlace(url)).toMatchObject({ host, port: 4_319 });
  expect(receiverPlace(url)?.takes).toHaveLength(takes);
  expect(wrongReceiver(url, token)).toBeNull();
});

it.each([
  'https://127.0.0.1:4319',
  'http://127.0.0.1',
  'http://127.0.0.1:0',
  'http://127.0.0.1:99999',
  'http://127.0.0.1:4319/other',
  'http://user@127.0.0.1:4319',
  'http://127.0.0.1:4319/events?x=1',
])('%s is none', (url) => {
  expect(wrongReceiver(url, token)?.member).toBe('url');
});

it.each(['0.0.0.0', '[::]', '0', '[0:0:0:0:0:0:0:0]', '000.0.0.0'])(
  '%s is every network, and refused with what to do',
  (host) => {
    expect(wrongReceiver(`http://${host}:4319`, token)?.message).toContain('http://eth0:4319');
  },
);

it('asks for a longer token where a network can try', () => {
  expect(wrongReceiver('http://127.0.0.1:4319', 't'.repeat(16))).toBeNull();
  expect(wrongReceiver('http://127.0.0.1:4319', 't'.repeat(15))?.message).toContain('16');
  expect(wrongReceiver('http://eth0:4319', 't'.repeat(31))?.message).toContain('32');
});

it('listens at the address of the interface that is named, and says which there are', () => {
  expect(hostOf({ host: 'eth0' }, interfaces)).toBe('10.0.0.7');
  expect(hostOf({ host: 'fd00::7' }, interfaces)).toBe('fd00::7');
  expect(() => hostOf({ host: 'eth1' }, interfaces)).toThrow('It has lo (127.0.0.1), eth0 (fd00::7)');
  expect(() => hostOf({ host: '10.0.0.8' }, interfaces)).toThrow('no interface or address 10.0.0.8');
});

it('gives an address for each thing it takes, which its senders can use', () => {
  const place = receiverPlace('http://eth0:4319');
  expect(place && addressesOf(place, interfaces).map(({ url }) => url)).toEqual([
    'http://10.0.0.7:4319/events',
    'http://10.0.0.7:4319/alertmanager',
    'http://10.0.0.7:4319/github',
    'http://10.0.0.7:4319/argo-cd',
  ]);
  const other = receiverPlace('http://[fd00::7]:1/github');
  expect(other && addressesOf(other, interfaces)).toEqual([
    { kind: 'github', url: 'http://[fd00::7]:1/github' },
  ]);
});
