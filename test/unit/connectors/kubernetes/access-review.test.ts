import { afterEach, expect, it } from 'vitest';
import { kubernetes } from '../../../../electron/connectors/kubernetes/kubernetes.ts';
import type { RightsReader } from '../../../../electron/connectors/source.ts';
import { sendJson, type TinyServer, tinyServer } from '../../../fixtures/tiny-server.ts';

let server: TinyServer | undefined;
afterEach(() => server?.close());

const calm = () => AbortSignal.timeout(5_000);
const question = { verb: 'get', group: '', resource: 'pods/log', namespace: 'shop' };

async function answering(reply: (body: { spec: object }) => object, status = 201): Promise<RightsReader> {
  server = await tinyServer((request, response) =>
    sendJson(response, reply(JSON.parse(request.body)), status),
  );
  const { rights } = kubernetes({ id: 'k', name: 'k', access: { server: server.url, token: 'tok-geheim' } });
  if (!rights) throw new Error('a cluster tells rights');
  return rights;
}

it('asks for a subresource as one, and takes a plain yes and no', async () => {
  const rights = await answering(({ spec }) => ({ spec, status: { allowed: true } }));
  expect(await rights.review([question], calm())).toEqual(['allowed']);
  expect(JSON.parse(server?.received[0]?.body ?? '').spec.resourceAttributes).toEqual({
    verb: 'get',
    group: '',
    resource: 'pods',
    subresource: 'log',
    namespace: 'shop',
  });
});

it('takes an answer to another question, or yes and no at once, for none', async () => {
  const another = { resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'other' } };
  const wrong = await answering(() => ({ spec: another, status: { allowed: false } }));
  expect(await wrong.review([question], calm())).toEqual(['unclear']);
  await server?.close();
  const both = await answering(({ spec }) => ({ spec, status: { allowed: true, denied: true } }));
  expect(await both.review([question], calm())).toEqual(['unclear']);
});

it.each([{ status: { allowed: 'yes' } }, { status: {} }, {}, { status: null }])(
  'fails on %j, which is no review',
  async (reply) => {
    const rights = await answering(() => reply);
    await expect(rights.review([question], calm())).rejects.toThrow(/is not one that Kubernetes gives/);
  },
);

it('tells apart no more rights than anybody reads, and says that there are more', async () => {
  const names = (count: number, prefix: string) => Array.from({ length: count }, (_, at) => `${prefix}${at}`);
  const rule = { verbs: names(100, 'v'), apiGroups: [''], resources: names(400, 'r') };
  const rights = await answering(() => ({ status: { incomplete: false, resourceRules: [rule] } }));
  const { held, incomplete } = await rights.rules('shop', calm());
  expect(held).toHaveLength(5_000);
  expect(incomplete).toBe(true);
});
