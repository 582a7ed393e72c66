import { inflateRawSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { SourceFact } from '../../../electron/connectors/delivered.ts';
import { parseDefinition } from '../../../electron/connectors/flagd/definition.ts';
import { changesBetween, observationOf } from '../../../electron/connectors/flagd/flag-changes.ts';
import { asSent } from '../../../electron/connectors/kubernetes/as-sent.ts';
import {
  hiddenAnnotations,
  observationOf as observationOfEvent,
} from '../../../electron/connectors/kubernetes/event-observations.ts';
import { CoreEvent, ReplicaSet } from '../../../electron/connectors/kubernetes/resources.ts';
import { rolloutsOf } from '../../../electron/connectors/kubernetes/rollouts.ts';
import { sentObject } from '../../../electron/connectors/kubernetes/sent-object.ts';
import { sentLines } from '../../../electron/connectors/loki/sent-lines.ts';
import { flagObservationOf } from '../../../electron/connectors/unleash/flag-observations.ts';
import { eventRepository } from '../../../electron/store/event-repository.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { timeline } from '../../../electron/timeline/timeline.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { coreEvent, pod, replicaSet } from '../../fixtures/kubernetes-objects.ts';
import { FORMATS } from '../../fixtures/planted-secrets/formats.ts';
import { followed, written } from '../../fixtures/watched-objects.ts';

const SECRET = 'hunter2-geheim';
const at = '2026-03-01T11:59:00Z';
const incident = IncidentId.parse('inc-1');

/** Everything that the store holds of facts once they are kept, unpacked. */
function kept(facts: readonly SourceFact[]): { payloads: string[]; events: string } {
  const db = new Database(':memory:');
  for (const { sql } of migrations) db.exec(sql);
  db.pragma('foreign_keys = OFF');
  timeline({
    repository: eventRepository(db),
    clock: { now: () => 1_000, every: () => () => {} },
    publish: () => {},
  }).add(incident, facts);
  const rows = db.prepare('SELECT bytes, is_packed FROM payload').raw().all() as [Buffer, number][];
  const events = db.prepare('SELECT body FROM event').pluck().all().join();
  db.close();
  return {
    payloads: rows.map(([bytes, isPacked]) => String(isPacked ? inflateRawSync(bytes) : bytes)),
    events,
  };
}

/** What is told when an object becomes another one. */
async function watched(path: string, before: object, after: object, maySee = true): Promise<SourceFact[]> {
  const one = followed(path, [before], { maySee });
  await eventually('the watch', () => one.opened() > 0);
  one.facts.length = 0;
  one.send('MODIFIED', after);
  one.stop();
  return one.facts;
}

const config = (data: object, annotations: Record<string, string> = {}) =>
  written({ name: 'checkout-config', annotations }, { data });
const oomKilled = {
  containerStatuses: [{ name: 'app', lastState: { terminated: { reason: 'OOMKilled', finishedAt: at } } }],
};
const applied = 'kubectl.kubernetes.io/last-applied-configuration';

const rollout = (): SourceFact[] =>
  ['c:6', 'c:7'].flatMap((image, nth) => {
    const set = replicaSet({ revision: nth + 6, created: at });
    const template = pod(image, { env: { DB_PASSWORD: SECRET, COLOUR: SECRET } });
    return rolloutsOf([ReplicaSet.parse({ ...set, spec: { template } })], {
      source: 'k',
      reusedAt: () => null,
    });
  });

function told(event: object): SourceFact[] {
  const schema = asSent(CoreEvent, (one, object) => ({
    ...observationOfEvent(one, 'k'),
    raw: () => sentObject(object, { withoutAnnotations: hiddenAnnotations(one) }),
  }));
  return [schema.parse(event) as SourceFact];
}

const unleash = (payload: object): SourceFact[] => {
  const found = flagObservationOf(
    {
      id: 1,
      type: 'feature-strategy-update',
      createdAt: at,
      featureName: 'checkout.cart',
      project: 'default',
      environment: 'production',
      data: { name: 'default', parameters: { rollout: '10' }, variants: [payload] },
      preData: { name: 'default', parameters: { rollout: '5' } },
    },
    { source: 'u', isProduction: () => true },
  );
  return found ? [found] : [];
};

const flagd = (variants: object): SourceFact[] => {
  const file = (state: string) =>
    parseDefinition(
      JSON.stringify({ flags: { cart: { state, variants: { a: 1, ...variants } } } }),
      'f.json',
    );
  return changesBetween(file('ENABLED'), file('DISABLED')).map((change) =>
    observationOf(
      change,
      { atMs: 900, by: null, id: '1' },
      { project: 'p', environment: 'production', source: 'f' },
    ),
  );
};

const logged = (text: string): SourceFact[] => [
  {
    kind: 'signal',
    sort: 'log',
    severity: 'warning',
    key: 'l',
    atMs: 900,
    service: 'checkout',
    title: 'Errors',
    source: 'l',
    raw: sentLines(new Map([[900, 30]]), { atMs: 900, count: 30, before: 0 }, [
      { labels: { app: 'checkout' }, lines: [{ atMs: 900, ns: '900000000', text }] },
    ]),
  },
];

const changedEvent = (field: string) =>
  coreEvent({
    annotations: {
      'countersign.dev/change': 'config',
      'countersign.dev/field': field,
      'countersign.dev/before': 'x',
      'countersign.dev/after': SECRET,
    },
  });

it.each<[string, () => SourceFact[] | Promise<SourceFact[]>]>([
  ['the variables of a rollout', rollout],
  [
    'the variables of a pod that was killed',
    () =>
      watched(
        '/api/v1/pods',
        written({ name: 'p' }, { spec: pod('c:1').spec, status: {} }),
        written({ name: 'p' }, { spec: pod('c:1', { env: { X: SECRET } }).spec, status: oomKilled }),
      ),
  ],
  [
    'a config map whose values may not be seen',
    () => watched('/api/v1/configmaps', config({ mode: 'a' }), config({ mode: SECRET }), false),
  ],
  [
    'a key of a config map that is named like a secret',
    () => watched('/api/v1/configmaps', config({ 'api.token': 'a' }), config({ 'api.token': SECRET })),
  ],
  [
    'a copy of a config map in its annotations',
    () =>
      watched(
        '/api/v1/configmaps',
        config({ mode: 'a' }),
        config({ mode: 'b' }, { [applied]: `{"data":{"mode":"${SECRET}"}}` }),
        false,
      ),
  ],
  ['the difference that an Event tells', () => told(changedEvent('db.password'))],
  ['a payload of a variant in Unleash', () => unleash({ name: 'v', payload: { api_token: SECRET } })],
  ['a variant in flagd', () => flagd({ signingKey: SECRET })],
  ['a nested variant in flagd', () => flagd({ b: { privateSeed: SECRET } })],
  ['an address in a variant', () => flagd({ b: `https://a:${SECRET}@example.com` })],
  ['a log line', () => logged(`ERROR login failed password=${SECRET} user=a`)],
  ['a log line in JSON', () => logged(`{"level":"error","authorization":"Bearer ${SECRET}"}`)],
])('the store holds no secret of %s, and the rest of what was sent', async (_case, facts) => {
  const { payloads, events } = kept(await facts());
  expect(payloads.length).toBeGreaterThan(0);
  expect(payloads.join()).not.toContain(SECRET);
  expect(events).not.toContain(SECRET);
  for (const text of payloads) expect(JSON.parse(text)).toBeTypeOf('object');
});

it('holds no password out of a file that a config map holds, and the rest of the file', async () => {
  const file = `pool: 4\npassword: ${SECRET}\n`;
  const { payloads } = kept(
    await watched('/api/v1/configmaps', config({ file: 'pool: 40\n' }), config({ file })),
  );
  expect(payloads.join()).not.toContain(SECRET);
  expect(JSON.parse(payloads[0] ?? '')).toMatchObject({
    data: { file: expect.stringMatching(/^pool: 4\npassword: \(hidden\)/) },
  });
});

/** Facts of every kind whose text somebody else wrote, with a whole file in the place where a value is. */
const bearers: [string, (file: string) => SourceFact[] | Promise<SourceFact[]>][] = [
  ['a config map', (file) => watched('/api/v1/configmaps', config({ f: 'x' }), config({ f: file }))],
  ['a new config map', (file) => watched('/api/v1/configmaps', config({ f: file }), config({ f: 'x' }))],
  [
    'one not to be seen',
    (file) => watched('/api/v1/configmaps', config({ f: 'x' }), config({ f: file }), false),
  ],
  [
    'an annotation of a config map',
    (file) =>
      watched('/api/v1/configmaps', config({ f: 'x' }), config({ f: 'y' }, { 'example.org/f': file })),
  ],
  [
    'an Event that tells a difference',
    (file) =>
      told(
        coreEvent({
          annotations: {
            'countersign.dev/change': 'config',
            'countersign.dev/field': 'file',
            'countersign.dev/before': 'x',
            'countersign.dev/after': file,
          },
        }),
      ),
  ],
  ['a variable', (file) => rolloutOf({ env: { APP_FILE: file } })],
  ['an annotation of pods', (file) => rolloutOf({ annotations: { 'example.org/f': file } })],
  [
    'a payload of a variant in Unleash',
    (file) => unleash({ name: 'v', payload: { type: 'string', value: file } }),
  ],
  ['a variant in flagd', (file) => flagd({ b: file })],
  ['a note of a source that forgets to hide', (file) => [noted(file)]],
];

function rolloutOf(more: {
  env?: Record<string, string>;
  annotations?: Record<string, string>;
}): SourceFact[] {
  const sets = ['c:6', 'c:7'].map((image, nth) => {
    const template = pod(image, nth === 0 ? {} : { env: more.env ?? {} });
    const metadata = { ...template.metadata, annotations: nth === 0 ? {} : (more.annotations ?? {}) };
    return ReplicaSet.parse({
      ...replicaSet({ revision: nth + 6, created: at }),
      spec: { template: { ...template, metadata } },
    });
  });
  return rolloutsOf(sets, { source: 'k', reusedAt: () => null });
}

const noted = (file: string): SourceFact => ({
  kind: 'change',
  change: 'config',
  key: 'config:noted',
  atMs: 900,
  service: 'checkout',
  title: `changed:\n${file}`,
  detail: file,
  source: 's',
  diff: [{ path: 'f', before: file, after: null }],
  raw: JSON.stringify({ file }),
});

it.each(bearers)('the store holds no secret out of any file that %s holds', async (_case, facts) => {
  const planted = { secret: SECRET, name: 'db_password', around: [['x_id', '40']] as [string, string][] };
  for (const [name, format] of Object.entries(FORMATS)) {
    const { payloads, events } = kept(await facts(format(planted)));
    expect(payloads.length, name).toBeGreaterThan(0);
    expect(payloads.join(), name).not.toContain(SECRET);
    expect(events, name).not.toContain(SECRET);
  }
});

it('finds a secret where nothing hides it, so that the table above can fail', () => {
  expect(kept(logged(`ERROR it said ${SECRET}`)).payloads.join()).toContain(SECRET);
});
