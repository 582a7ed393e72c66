import { afterEach, expect, it } from 'vitest';
import { claudeClient } from '../../../electron/analyst/claude/claude-client.ts';
import type { Message, SentRequest, Turn } from '../../../electron/analyst/model-client.ts';
import { Failure } from '../../../electron/platform/failure.ts';
import {
  type MessagesServer,
  messagesServer,
  type Script,
} from '../../fixtures/messages-server/messages-server.ts';

const opened: MessagesServer[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

const KEY = 'sk-test-not-a-real-key';
const tools = [{ name: 'read_metric', purpose: 'Reads', inputSchema: { type: 'object' } }];

async function bench(script: Script, patience = {}) {
  const server = await messagesServer(script);
  opened.push(server);
  const sent: SentRequest[] = [];
  const client = claudeClient({
    chosen: {
      baseUrl: server.url,
      model: 'claude-opus-5',
      maxTokens: 1_024,
      contextTokens: 20_000,
      effort: 'low',
    },
    key: KEY,
    sent: (request) => void sent.push(request),
    patience: { againMs: 1, ...patience },
  });
  const said: string[] = [];
  async function turn(
    messages: Message[] = [{ role: 'user', text: 'go' }],
    signal = new AbortController().signal,
  ): Promise<Turn> {
    const stream = client.turn({ system: 'be careful', messages, tools }, signal);
    for (;;) {
      const next = await stream.next();
      if (next.done) return next.value;
      said.push(next.value);
    }
  }
  return { server, sent, said, client, turn };
}

it('streams text, calls several tools at once and counts every token', async () => {
  const { turn, said } = await bench([
    {
      kind: 'turn',
      text: 'Reading the metrics of two services.',
      calls: [
        { name: 'read_metric', input: { service: 'a' } },
        { name: 'read_metric', input: { service: 'b' } },
      ],
      usage: { input: 10, output: 40, cacheRead: 800, cacheWritten: 90 },
    },
  ]);
  const { text, calls, tokens, cutShort } = await turn();
  expect(text).toBe('Reading the metrics of two services.');
  expect(calls.map(({ name, input }) => [name, input])).toEqual([
    ['read_metric', { service: 'a' }],
    ['read_metric', { service: 'b' }],
  ]);
  expect(tokens).toEqual({ input: 900, output: 40, cacheRead: 800, cacheWritten: 90 });
  expect(cutShort).toBeUndefined();
  expect(said.length).toBeGreaterThan(1);
  expect(said.at(-1)).toBe(text);
});

it('sends the pinned model and parameters, the key in a header alone, and what it told before', async () => {
  const { turn, server, sent, client } = await bench([{ kind: 'turn', text: 'hm' }]);
  await turn();
  const [asked] = server.asked();
  expect(asked).toMatchObject({
    model: 'claude-opus-5',
    max_tokens: 1_024,
    output_config: { effort: 'low' },
  });
  expect(client.parameters).toMatchObject({ maxTokens: 1_024, effort: 'low', baseUrl: server.url });
  expect(JSON.stringify(server.received[0]?.headers)).toContain(KEY);
  expect(server.received[0]?.body).not.toContain(KEY);
  expect(sent).toEqual([{ model: 'claude-opus-5', baseUrl: server.url, body: server.received[0]?.body }]);
});

it('marks tools, instructions and the two last ends of the conversation for the cache', async () => {
  const { turn, server } = await bench([{ kind: 'turn', text: 'hm' }]);
  const results = (call: string) => [{ call, text: '{}', failed: false }];
  await turn([
    { role: 'user', text: 'go' },
    { role: 'assistant', text: 'a', calls: [{ id: 'c1', name: 'read_metric', input: {} }] },
    { role: 'tools', results: results('c1') },
    { role: 'assistant', text: 'b', calls: [{ id: 'c2', name: 'read_metric', input: {} }] },
    { role: 'tools', results: results('c2') },
  ]);
  const [asked] = server.asked();
  const marked = asked?.messages.map(({ content }) => content.some((block) => 'cache_control' in block));
  expect(marked).toEqual([false, false, true, false, true]);
  expect(asked?.system[0]).toHaveProperty('cache_control');
  expect(asked?.tools.at(-1)).toHaveProperty('cache_control');
});

it('gives the model its own turn back as it came, with its signed thinking', async () => {
  const call = { name: 'read_metric', input: { service: 'a' } };
  const { turn, server } = await bench([{ kind: 'turn', thinking: 'hm', text: 'one', calls: [call] }]);
  const { text, calls, own } = await turn();
  await turn([
    { role: 'user', text: 'go' },
    { role: 'assistant', text, calls, own },
    { role: 'tools', results: [{ call: calls[0]?.id ?? '', text: '{}', failed: false }] },
  ]);
  expect(server.asked()[1]?.messages[1]?.content).toEqual([
    { type: 'thinking', thinking: 'hm', signature: 'c2lnbmVk' },
    { type: 'text', text: 'one' },
    { type: 'tool_use', id: calls[0]?.id, ...call },
  ]);
});

it.each([
  [401, 'authentication_error', /refuses the key \(401\)\. Enter another in Settings, Model\..*bad key/],
  [403, 'permission_error', /refuses the key \(403\)/],
  [404, 'not_found_error', /does not know the model claude-opus-5/],
  [400, 'invalid_request_error', /answered 400\. It says: bad key/],
])('says what a %i means and asks no second time', async (status, type, sentence) => {
  const { turn, server } = await bench([{ kind: 'status', status, type, message: 'bad key' }]);
  const error = await turn().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'Failure', message: expect.stringMatching(sentence) });
  expect(String(error)).not.toContain(KEY);
  expect(server.received).toHaveLength(1);
});

it.each([
  [429, 'rate_limit_error', { 'retry-after-ms': '1' }],
  [500, 'api_error', { 'retry-after-ms': '1' }],
  [529, 'overloaded_error', { 'retry-after-ms': '1' }],
])('waits as it is told and asks again after a %i', async (status, type, headers) => {
  const refusal = { kind: 'status' as const, status, type, message: 'busy', headers };
  const { turn, server, sent } = await bench([refusal, refusal, { kind: 'turn', text: 'at last' }]);
  expect((await turn()).text).toBe('at last');
  expect(server.received).toHaveLength(3);
  expect(sent).toHaveLength(3);
});

it.each([
  [429, /limits how much may be asked now \(429\)/],
  [500, /answered 500/],
  [529, /is overloaded \(529\)/],
])('gives up after the third %i and says so', async (status, sentence) => {
  const headers = { 'retry-after-ms': '1' };
  const { turn, server } = await bench([
    { kind: 'status', status, type: 'api_error', message: 'busy', headers },
  ]);
  await expect(turn()).rejects.toThrow(sentence);
  expect(server.received).toHaveLength(3);
});

it('does not sit out a wait of an hour', async () => {
  const headers = { 'retry-after': '3600' };
  const { turn, server } = await bench([
    { kind: 'status', status: 429, type: 'rate_limit_error', message: 'later', headers },
  ]);
  await expect(turn()).rejects.toThrow(/429/);
  expect(server.received).toHaveLength(1);
});

it.each([
  ['a socket that closes', { kind: 'cut', text: 'half a thou' }],
  ['a stream that ends before the turn does', { kind: 'ends-early', text: 'half a thou' }],
  ['an error event', { kind: 'broken-by-event', text: 'half', type: 'overloaded_error', message: 'busy' }],
  ['silence', { kind: 'silent', text: 'half' }],
] as const)('asks again after %s in the middle of an answer', async (_what, broken) => {
  const { turn, server } = await bench([broken, { kind: 'turn', text: 'whole' }], { silenceMs: 50 });
  expect((await turn()).text).toBe('whole');
  expect(server.received).toHaveLength(2);
});

it('gives up when an answer breaks off three times, with nothing of the halves', async () => {
  const { turn, server } = await bench([{ kind: 'ends-early', text: 'half' }]);
  await expect(turn()).rejects.toThrow(/broke its answer off in the middle/);
  expect(server.received).toHaveLength(3);
});

it('does not ask again after an error event that is final', async () => {
  const { turn, server } = await bench([
    { kind: 'broken-by-event', text: 'half', type: 'invalid_request_error', message: 'no' },
  ]);
  await expect(turn()).rejects.toThrow(/broke its answer off/);
  expect(server.received).toHaveLength(1);
});

it('keeps malformed arguments as the text they are: half of a call is another call', async () => {
  const { turn, server } = await bench([
    { kind: 'turn', calls: [{ name: 'read_metric', json: '{"service": "payments-canary", "from' }] },
  ]);
  const { text, calls, own } = await turn();
  expect(calls[0]?.input).toBe('{"service": "payments-canary", "from');
  await turn([
    { role: 'user', text: 'go' },
    { role: 'assistant', text, calls, own },
  ]);
  expect(server.asked()[1]?.messages[1]?.content[0]).toMatchObject({
    input: { malformed: '{"service": "payments-canary", "from' },
  });
});

it.each([
  ['refusal', 'refused', /the model refused to go on: policy/],
  ['max_tokens', 'answer-limit', /cut off/],
  ['model_context_window_exceeded', 'context-full', /no longer fits/],
  ['pause_turn', 'paused', /paused/],
] as const)('names an answer that ends with %s', async (stop, kind, because) => {
  const { turn } = await bench([
    { kind: 'turn', text: 'hm', stop, ...(stop === 'refusal' ? { refusal: 'policy' } : {}) },
  ]);
  expect((await turn()).cutShort).toEqual({ kind, because: expect.stringMatching(because) });
});

it('follows no redirect: neither key nor conversation goes to another place', async () => {
  const elsewhere = await messagesServer([{ kind: 'turn', text: 'thank you' }]);
  opened.push(elsewhere);
  const { turn } = await bench([{ kind: 'redirect', to: `${elsewhere.url}/v1/messages` }]);
  await expect(turn()).rejects.toThrow(/does not answer/);
  expect(elsewhere.received).toHaveLength(0);
});

it('ends at once when it is stopped in the middle of an answer', async () => {
  const { client } = await bench([{ kind: 'silent', text: 'half a thought' }]);
  const stop = new AbortController();
  const stream = client.turn({ system: '', messages: [{ role: 'user', text: 'go' }], tools }, stop.signal);
  await stream.next();
  stop.abort();
  await expect(exhaust(stream)).rejects.toThrow();
});

it('ends at once when it is stopped while it waits to ask again', async () => {
  const headers = { 'retry-after': '20' };
  const { client, server } = await bench([
    { kind: 'status', status: 429, type: 'rate_limit_error', message: 'later', headers },
  ]);
  const stop = new AbortController();
  const asking = exhaust(
    client.turn({ system: '', messages: [{ role: 'user', text: 'go' }], tools }, stop.signal),
  );
  asking.catch(() => {});
  await expect.poll(() => server.received.length).toBe(1);
  stop.abort();
  await expect(asking).rejects.toThrow();
  expect(server.received).toHaveLength(1);
});

it('takes neither key, place nor headers from the environment', async () => {
  process.env['ANTHROPIC_BASE_URL'] = 'http://127.0.0.1:9';
  process.env['ANTHROPIC_API_KEY'] = 'sk-of-somebody-else';
  process.env['ANTHROPIC_CUSTOM_HEADERS'] = 'x-leak: yes';
  const { turn, server } = await bench([{ kind: 'turn', text: 'hm' }]);
  await turn();
  expect(server.received[0]?.headers).not.toHaveProperty('x-leak');
  expect(JSON.stringify(server.received[0]?.headers)).not.toContain('somebody-else');
  expect(Object.keys(process.env).filter((name) => name.startsWith('ANTHROPIC_'))).toEqual([]);
});

async function exhaust(stream: AsyncGenerator<string, Turn>): Promise<void> {
  while (!(await stream.next()).done);
}

it('tells why a request was not let out as it was told, and tries none again', async () => {
  const server = await messagesServer([{ kind: 'turn', text: 'hm' }]);
  opened.push(server);
  const withdrawn = new Failure('refused', 'the consent to ask it was withdrawn: nothing was sent');
  let asked = 0;
  const client = claudeClient({
    chosen: { baseUrl: server.url, model: 'm', maxTokens: 1_024, contextTokens: 20_000, effort: 'low' },
    key: KEY,
    sent() {
      asked += 1;
      throw withdrawn;
    },
  });
  const turn = () =>
    client
      .turn({ system: '', messages: [{ role: 'user', text: 'go' }], tools }, new AbortController().signal)
      .next();
  await expect(turn()).rejects.toBe(withdrawn);
  expect(asked).toBe(1);
  expect(server.received).toEqual([]);
});
