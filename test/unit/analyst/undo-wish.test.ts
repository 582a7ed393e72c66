import { describe, expect, it } from 'vitest';
import { actions } from '../../../electron/actions/all.ts';
import type { Message } from '../../../electron/analyst/model-client.ts';
import { offlineAnalyst } from '../../../electron/analyst/offline/offline-analyst.ts';
import { undoWish } from '../../../electron/analyst/offline/undo-wish.ts';
import { whatWasRead } from '../../../electron/analyst/offline/what-was-read.ts';
import { proposeTool } from '../../../electron/analyst/propose-tool.ts';

type Facts = {
  kind?: string;
  actor?: string | null;
  diff?: { path: string; before: string | null; after: string | null }[];
  connection?: string | null;
  object?: { kind: string; namespace: string; name: string } | null;
  flag?: { project: string; environment: string; name: string } | null;
  now?: { value: string | null } | null;
  unmeasured?: string[];
};

const id = 'config:shop/change-1';
const objectOf = (kind: string, name: string) => ({ kind, namespace: 'shop', name });
const config: Facts = {
  kind: 'config',
  diff: [{ path: 'pool.size', before: '40', after: '4' }],
  object: objectOf('ConfigMap', 'checkout-config'),
  now: { value: '4' },
};

/** What a run has heard when the change is all that is suspected. */
function messagesOf(facts: Facts, score = 0.9): Message[] {
  const kind = facts.kind ?? 'config';
  const anomaly = {
    service: 'checkout',
    metric: 'error_rate',
    kind: 'error_rate',
    version: null,
    onset: '2026-03-03T02:57:00.000Z',
    strength: 9,
    baseline: 0.001,
    observed: 0.2,
    sentence: 'checkout fails',
  };
  const candidates = {
    read: 'read-1',
    onset: '2026-03-03T02:57:00.000Z',
    novelty: 0.95 - score,
    total: 1,
    worthReading: 1,
    unmeasured: facts.unmeasured ?? [],
    changes: [
      {
        id,
        kind,
        service: 'checkout',
        title: 'checkout was changed',
        at: '2026-03-03T02:55:00.000Z',
        score,
        reasons: ['it fits'],
        factors: [{ name: 'place', value: 0.9, sentence: 'it fits' }],
      },
    ],
    services: [],
    anomalies: [anomaly],
    omitted: 0,
  };
  const change = {
    read: 'read-2',
    change: id,
    kind,
    service: 'checkout',
    actor: 'mara',
    diff: [],
    connection: 'drill-cluster',
    object: null,
    flag: null,
    now: null,
    ...facts,
  };
  const answered = (name: string, call: string, input: object, value: object): Message[] => [
    { role: 'assistant', text: '', calls: [{ id: call, name, input }] },
    { role: 'tools', results: [{ call, text: JSON.stringify(value), failed: false }] },
  ];
  return [
    { role: 'user', text: 'go' },
    ...answered('list_candidates', 'c1', { limit: 8 }, candidates),
    ...answered('read_change', 'c2', { change: id }, change),
  ];
}

const claim = (confidence = 0.7) => ({
  claim: 'checkout was changed is the cause',
  cause: id,
  mechanism: 'It changed error_rate.',
  confidence,
  for: [],
  against: [],
  gaps: [],
  disprovedBy: 'it stays as bad',
});
const wishFor = (facts: Facts, confidence?: number) =>
  undoWish(claim(confidence), whatWasRead(messagesOf(facts)));

describe('a change whose value before is known and that still stands', () => {
  it.each<[string, Facts, string, object]>([
    [
      'a configuration',
      config,
      'propose_revert_config',
      { cluster: 'drill-cluster', namespace: 'shop', name: 'checkout-config', key: 'pool.size', to: '40' },
    ],
    [
      'a key that was not set before',
      { ...config, diff: [{ path: 'pool.size', before: null, after: '4' }] },
      'propose_revert_config',
      { cluster: 'drill-cluster', namespace: 'shop', name: 'checkout-config', key: 'pool.size', to: null },
    ],
    [
      'a weight',
      {
        kind: 'traffic',
        diff: [{ path: 'weight', before: '50', after: '150' }],
        object: objectOf('Ingress', 'shop'),
        now: { value: '150' },
      },
      'propose_shift_traffic',
      { cluster: 'drill-cluster', namespace: 'shop', name: 'shop', weight: 50 },
    ],
    [
      'a person scaling down',
      {
        kind: 'scale',
        diff: [{ path: 'replicas', before: '6', after: '1' }],
        object: objectOf('Deployment', 'checkout'),
        now: { value: '1' },
      },
      'propose_scale_workload',
      { cluster: 'drill-cluster', kind: 'Deployment', namespace: 'shop', name: 'checkout', replicas: 6 },
    ],
  ])('is taken back: %s', (_case, facts, tool, input) => {
    const undo = wishFor(facts);
    expect(undo).toMatchObject({ tool, wish: { input } });
    const action = actions.map(proposeTool).find(({ name }) => name === tool);
    if (!('wish' in undo)) throw new Error('there is a wish');
    expect(action?.input.safeParse(undo.wish).error).toBeUndefined();
    expect(undo.wish).toMatchObject({
      about: { expectedEffect: { service: 'checkout', metric: 'error_rate', comparison: 'below' } },
    });
  });

  const flag: Facts = {
    kind: 'flag',
    connection: 'flags',
    flag: { project: 'default', environment: 'production', name: 'checkout.new-cart' },
  };
  it.each<[string, Facts, object]>([
    [
      'turned on',
      { ...flag, diff: [{ path: 'enabled', before: 'false', after: 'true' }], now: { value: 'true' } },
      { enabled: false, percent: null },
    ],
    [
      'rolled out further',
      { ...flag, diff: [{ path: 'rollout', before: '10', after: '100' }], now: { value: '100' } },
      { enabled: true, percent: 10 },
    ],
  ])('is taken back: a flag %s', (_case, facts, state) => {
    expect(wishFor(facts)).toMatchObject({
      tool: 'propose_set_flag',
      wish: {
        input: {
          cluster: 'flags',
          project: 'default',
          flag: 'checkout.new-cart',
          environment: 'production',
          ...state,
        },
      },
    });
  });
});

describe('nothing is suggested', () => {
  it.each<[string, Facts, RegExp]>([
    [
      'for a change whose source tells no difference',
      { ...config, diff: [] },
      /does not say what it changed/,
    ],
    [
      'when somebody changed it since',
      { ...config, now: { value: '8' } },
      /no longer what the change made it/,
    ],
    ['when nobody knows what is there now', { ...config, now: null }, /could not be read/],
    ['when its system is not connected', { ...config, connection: null }, /not connected/],
    [
      'for a secret',
      {
        ...config,
        diff: [{ path: 'pw', before: '(hidden)', after: '(hidden)' }],
        now: { value: '(hidden)' },
      },
      /secret/,
    ],
    [
      'for a value that is not known whole',
      { ...config, diff: [{ path: 'file', before: 'abc…', after: '4' }] },
      /too long/,
    ],
    [
      'for several fields at once',
      { ...config, diff: [...(config.diff ?? []), { path: 'mode', before: 'a', after: 'b' }] },
      /several fields/,
    ],
    [
      'for what an autoscaler did',
      {
        kind: 'scale',
        actor: 'horizontal-pod-autoscaler',
        diff: [{ path: 'replicas', before: '6', after: '3' }],
        object: objectOf('Deployment', 'checkout'),
        now: { value: '3' },
      },
      /autoscaler/,
    ],
    [
      'for more capacity',
      {
        kind: 'scale',
        diff: [{ path: 'replicas', before: '3', after: '6' }],
        object: objectOf('Deployment', 'checkout'),
        now: { value: '6' },
      },
      /scaled up/,
    ],
    [
      'for weights that are no numbers',
      {
        kind: 'traffic',
        diff: [{ path: 'weight', before: 'some', after: '5' }],
        object: objectOf('Ingress', 'shop'),
        now: { value: '5' },
      },
      /none that an action here can undo/,
    ],
    ['for infrastructure', { kind: 'infrastructure' }, /infrastructure/],
  ])('%s', (_case, facts, because) => {
    expect(wishFor(facts)).toMatchObject({ because: expect.stringMatching(because) });
  });

  it('below the confidence at which anybody should be asked', () => {
    expect(wishFor(config, 0.39)).toMatchObject({ because: expect.stringContaining('not likely enough') });
    expect(wishFor(config, 0.4)).toHaveProperty('wish');
  });

  it('while a rival on the same service stands beside it', () => {
    const read = whatWasRead(messagesOf(config));
    const first = read.candidates?.changes[0];
    if (!first || !read.candidates) throw new Error('there is a candidate');
    read.candidates.changes.push({ ...first, id: 'flag:1', title: 'a flag was turned on' });
    const rival = { ...claim(0.4), cause: 'flag:1' };
    expect(undoWish(claim(0.7), read, [claim(0.7), rival])).toMatchObject({
      because: expect.stringContaining('a flag was turned on'),
    });
    expect(undoWish(claim(0.7), read, [claim(0.7), { ...rival, confidence: 0.3 }])).toHaveProperty('wish');
  });
});

/** The next turn after the hypotheses were stated, and after what else was answered. */
async function nextAfter(
  facts: Facts,
  more: Message[] = [],
  { score = 0.9, claim = 'checkout was changed is the cause' } = {},
) {
  const stated: Message[] = [
    {
      role: 'assistant',
      text: '',
      calls: [{ id: 'c3', name: 'read_metric', input: { service: 'checkout' } }],
    },
    {
      role: 'tools',
      results: [{ call: 'c3', text: '{"series":[],"omitted":0,"read":"read-3"}', failed: false }],
    },
    { role: 'assistant', text: '', calls: [{ id: 'c4', name: 'state_hypotheses', input: {} }] },
    {
      role: 'tools',
      results: [
        {
          call: 'c4',
          text: JSON.stringify({ ranked: [{ claim, confidence: 0.7 }] }),
          failed: false,
        },
      ],
    },
  ];
  const messages = [...messagesOf(facts, score), ...stated, ...more];
  const turn = await offlineAnalyst
    .turn({ system: '', messages, tools: [] } as never, new AbortController().signal)
    .next();
  if (!turn.done) throw new Error('the whole turn is known at once');
  return turn.value;
}
const proposed = (answer: object, failed = false): Message[] => [
  { role: 'assistant', text: '', calls: [{ id: 'c5', name: 'propose_revert_config', input: {} }] },
  { role: 'tools', results: [{ call: 'c5', text: JSON.stringify(answer), failed }] },
];

describe('the offline analyst', () => {
  it('proposes to take a configuration back, once', async () => {
    expect((await nextAfter(config)).calls).toMatchObject([{ name: 'propose_revert_config' }]);
    const { calls, text } = await nextAfter(config, proposed({ proposal: 'p', verdict: 'offer', rules: [] }));
    expect(calls).toEqual([]);
    expect(text).toContain('waits for a decision');
  });

  it('does not say that a decision is waited for when the guard denied it', async () => {
    const { text } = await nextAfter(config, proposed({ proposal: 'p', verdict: 'deny', rules: [] }));
    expect(text).not.toContain('waits for a decision');
  });

  it('hands over with the reason when it could not even be proposed', async () => {
    const { calls } = await nextAfter(config, proposed({ failed: 'it is immutable' }, true));
    expect(calls).toMatchObject([
      { name: 'escalate', input: { because: expect.stringContaining('it is immutable') } },
    ]);
  });

  it('takes an answer that was cut for one that was not read', () => {
    const messages = messagesOf(config).map((message) =>
      message.role === 'tools'
        ? { ...message, results: message.results.map((one) => ({ ...one, text: one.text.slice(0, -9) })) }
        : message,
    );
    expect(whatWasRead(messages)).toMatchObject({ candidates: null, changes: new Map() });
  });

  it('hands over what it cannot take back', async () => {
    expect((await nextAfter({ ...config, now: null })).calls).toMatchObject([
      { name: 'escalate', input: { title: expect.stringMatching(/^Decide what to do about: checkout/) } },
    ]);
  });

  it('asks for the metrics where none could be read', async () => {
    const { calls } = await nextAfter({ kind: 'config', unmeasured: ['Prometheus'] }, [], {
      score: 0.01,
      claim: 'Nothing could be measured: Prometheus did not answer',
    });
    expect(calls).toMatchObject([
      {
        name: 'escalate',
        input: {
          title: 'Find the cause without metrics: Prometheus did not answer',
          recommended: 'See why Prometheus does not answer, or read the metrics there by hand.',
        },
      },
    ]);
  });

  it('advises to look elsewhere, and to undo nothing, where the cause is none of the changes', async () => {
    const { calls } = await nextAfter({ kind: 'config' }, [], {
      score: 0.01,
      claim: 'The cause is not among the changes we can see',
    });
    expect(calls).toMatchObject([
      {
        name: 'escalate',
        input: {
          title: 'Find the cause: it is not among the changes we can see',
          recommended: 'Read the systems that are not connected, and ask who changed something by hand.',
        },
      },
    ]);
  });
});
