/**
 * What an edit of `envelope.yaml` or of the policies does, in words, member by member. Whatever its effect depends on
 * more than itself is `either`: the truth tables say exactly which requests it changes. Pure.
 */
import type { Envelope, EnvelopeWindow, TierCondition } from '../../../shared/formats/envelope.ts';
import type { EnvelopeDiff } from '../../../shared/vocabulary/envelope.ts';
import { conditionInWords } from '../condition-words.ts';
import { effectOf } from './effect-of.ts';
import type { LoadedEnvelope } from './loaded-envelope.ts';

export type DocumentChange = EnvelopeDiff['changes'][number];
type Effect = DocumentChange['effect'];

/** Empty when nothing but the version differs. */
export function compareDocuments(
  older: Pick<LoadedEnvelope, 'envelope' | 'policies' | 'schema'>,
  newer: Pick<LoadedEnvelope, 'envelope' | 'policies' | 'schema'>,
): DocumentChange[] {
  const [a, b] = [older.envelope, newer.envelope];
  return [
    ...stages(a, b),
    ...validity(a, b),
    ...policies(older, newer),
    ...environments(a, b),
    ...serviceTiers(a, b),
    ...windows(a.windows, b.windows),
    ...tiers(a.tiers, b.tiers),
    ...limits(a, b),
    ...breakers(a.breakers, b.breakers),
    ...approvers(a.approvers, b.approvers),
    ...credentials(a, b),
    ...reads(a.reads, b.reads),
  ];
}

const STAGES = ['shadow', 'supervised', 'bounded'] as const;

function stages(a: Envelope, b: Envelope): DocumentChange[] {
  if (a.stage === b.stage) return [];
  const effect = STAGES.indexOf(b.stage) > STAGES.indexOf(a.stage) ? 'wider' : 'narrower';
  return [{ effect, sentence: `The stage is ${b.stage}, was ${a.stage}` }];
}

function validity(a: Envelope, b: Envelope): DocumentChange[] {
  const [was, is] = [endOf(a), endOf(b)];
  if (was === is) return [];
  const words = (until: string | undefined) => until ?? 'no end';
  return [
    {
      effect: is > was ? 'wider' : 'narrower',
      sentence: `It is valid until ${words(b.validUntil)}, was ${words(a.validUntil)}`,
    },
  ];
}

const endOf = ({ validUntil }: Envelope): number =>
  validUntil === undefined ? Number.POSITIVE_INFINITY : Date.parse(validUntil);

function policies(
  a: Pick<LoadedEnvelope, 'policies' | 'schema'>,
  b: Pick<LoadedEnvelope, 'policies' | 'schema'>,
): DocumentChange[] {
  const schema: DocumentChange[] =
    a.schema === b.schema ? [] : [{ effect: 'either', sentence: 'The schema of the policies changed' }];
  return [
    ...schema,
    ...named(a.policies, b.policies, ({ id }) => id, {
      added: ({ id, text }) => [
        {
          effect: permits(text) ? 'wider' : 'narrower',
          sentence: `Policy ${id} is new: it ${effectOf(text)}s`,
        },
      ],
      removed: ({ id, text }) => [
        { effect: permits(text) ? 'narrower' : 'wider', sentence: `Policy ${id} is gone: it ${past(text)}` },
      ],
      both: (was, is) =>
        was.text.trim() === is.text.trim()
          ? []
          : [{ effect: 'either', sentence: `Policy ${is.id} was edited (${effectOf(is.text)})` }],
    }),
  ];
}

const permits = (text: string): boolean => effectOf(text) === 'permit';
const past = (text: string): string => (permits(text) ? 'permitted' : 'forbade');

/** A target belongs to the first environment that fits, so their order counts. */
function environments(a: Envelope, b: Envelope): DocumentChange[] {
  return [
    ...order(a, b),
    ...named(a.environments, b.environments, ({ name }) => name, {
      added: ({ name }) => [{ effect: 'wider', sentence: `Environment ${name} is new` }],
      removed: ({ name }) => [{ effect: 'narrower', sentence: `Environment ${name} is gone` }],
      both: (was, is) => [
        ...optionalList(`Namespaces of ${is.name}`, was.namespaces, is.namespaces, 'none'),
        ...optionalList(`Flag environments of ${is.name}`, was.flagEnvironments, is.flagEnvironments, 'none'),
        ...optionalList(`Clusters of ${is.name}`, was.clusters, is.clusters, 'any'),
        ...optionalList(`Change windows of ${is.name}`, was.changesOnlyIn, is.changesOnlyIn, 'any'),
        ...labels(is.name, was.namespaceLabels ?? {}, is.namespaceLabels ?? {}),
      ],
    }),
  ];
}

function order(a: Envelope, b: Envelope): DocumentChange[] {
  const inBoth = (own: Envelope, other: Envelope) =>
    own.environments
      .map(({ name }) => name)
      .filter((name) => other.environments.some((one) => one.name === name));
  if (same(inBoth(a, b), inBoth(b, a))) return [];
  return [{ effect: 'either', sentence: 'The environments stand in another order' }];
}

/** Each label more is one thing more that a namespace must have. */
function labels(
  environment: string,
  was: Record<string, string>,
  is: Record<string, string>,
): DocumentChange[] {
  return named(Object.entries(was), Object.entries(is), ([name]) => name, {
    added: ([name, value]) => [
      { effect: 'narrower', sentence: `Namespaces of ${environment} must carry ${name}=${value}` },
    ],
    removed: ([name, value]) => [
      { effect: 'wider', sentence: `Namespaces of ${environment} need not carry ${name}=${value} any more` },
    ],
    both: ([name, before], [, after]) =>
      before === after
        ? []
        : [
            {
              effect: 'either',
              sentence: `Namespaces of ${environment} must carry ${name}=${after}, was ${before}`,
            },
          ],
  });
}

/** A smaller number is a more important service, which takes more ceremony. */
function serviceTiers({ serviceTiers: a }: Envelope, { serviceTiers: b }: Envelope): DocumentChange[] {
  return [
    ...number('The tier of a service that states none', a.default, b.default, 'wider'),
    ...named(a.names, b.names, ({ name }) => name, {
      added: ({ name, tier }) => [{ effect: 'either', sentence: `Services ${name} are of tier ${tier}` }],
      removed: ({ name, tier }) => [
        { effect: 'either', sentence: `Services ${name} are not said to be of tier ${tier} any more` },
      ],
      both: (was, is) => number(`The tier of services ${is.name}`, was.tier, is.tier, 'wider'),
    }),
  ];
}

function windows(a: readonly EnvelopeWindow[], b: readonly EnvelopeWindow[]): DocumentChange[] {
  const opens = ({ kind }: EnvelopeWindow) => kind === 'change-window';
  return named(a, b, ({ name }) => name, {
    added: (one) => [
      { effect: opens(one) ? 'wider' : 'narrower', sentence: `The ${one.kind} ${one.name} is new` },
    ],
    removed: (one) => [
      { effect: opens(one) ? 'narrower' : 'wider', sentence: `The ${one.kind} ${one.name} is gone` },
    ],
    both: (was, is) =>
      same(was, is) ? [] : [{ effect: 'either', sentence: `The ${is.kind} ${is.name} was changed` }],
  });
}

/** The first line that fits decides, so a line's effect depends on those before it. */
function tiers(a: Envelope['tiers'], b: Envelope['tiers']): DocumentChange[] {
  const words = ({ when, tier }: { when: TierCondition; tier: string }) =>
    `${conditionInWords(when)} takes ${tier}`;
  const [was, is] = [a.map(words), b.map(words)];
  const gone = was.filter((line) => !is.includes(line));
  const added = is.filter((line) => !was.includes(line));
  if (gone.length + added.length === 0 && !same(was, is))
    return [{ effect: 'either', sentence: 'The tier lines stand in another order' }];
  return [
    ...gone.map((line): DocumentChange => ({ effect: 'either', sentence: `No longer said: ${line}` })),
    ...added.map((line): DocumentChange => ({ effect: 'either', sentence: `New: ${line}` })),
  ];
}

function limits({ limits: a }: Envelope, { limits: b }: Envelope): DocumentChange[] {
  return [
    ...number('Minutes until an offer expires', a.proposalExpiresMinutes, b.proposalExpiresMinutes, 'wider'),
    ...number(
      'Executions on one target within an hour',
      a.executionsPerTargetAndHour,
      b.executionsPerTargetAndHour,
      'wider',
    ),
    ...number(
      'Executions on one service within an hour',
      a.executionsPerServiceAndHour,
      b.executionsPerServiceAndHour,
      'wider',
    ),
    ...named(boundsIn(a), boundsIn(b), ({ of }) => of, {
      added: ({ of, min, max }) => [
        { effect: 'narrower', sentence: `The ${of} is bounded: ${min} to ${max}` },
      ],
      removed: ({ of }) => [{ effect: 'wider', sentence: `The ${of} is no longer bounded` }],
      both: (was, is) => [
        ...number(`The least ${is.of}`, was.min, is.min, 'narrower'),
        ...number(`The most ${is.of}`, was.max, is.max, 'wider'),
        ...number(
          `The longest step of the ${is.of}`,
          was.step ?? Number.POSITIVE_INFINITY,
          is.step ?? Number.POSITIVE_INFINITY,
          'wider',
        ),
      ],
    }),
  ];
}

const boundsIn = ({ bounds }: Envelope['limits']) =>
  Object.entries(bounds).flatMap(([action, numbers]) =>
    Object.entries(numbers).flatMap(([what, bound]) =>
      bound ? [{ of: `${what} of ${action}`, ...bound }] : [],
    ),
  );

function breakers(a: Envelope['breakers'], b: Envelope['breakers']): DocumentChange[] {
  return [
    ...number('Executions before the breaker trips', a.executions.most, b.executions.most, 'wider'),
    ...number(
      'Minutes over which executions count',
      a.executions.withinMinutes,
      b.executions.withinMinutes,
      'narrower',
    ),
    ...number('Failures in a row before the breaker trips', a.failuresInARow, b.failuresInARow, 'wider'),
    ...number('Denials before the breaker trips', a.denials.most, b.denials.most, 'wider'),
    ...number(
      'Minutes over which denials count',
      a.denials.withinMinutes,
      b.denials.withinMinutes,
      'narrower',
    ),
    ...number('Turns that the analyst may take', a.analyst.turns, b.analyst.turns, 'wider'),
    ...number('Tokens that the analyst may use', a.analyst.tokens, b.analyst.tokens, 'wider'),
  ];
}

type Approver = Envelope['approvers'][number];

/** INVARIANT of the format: with no approver named, the person of the installation may approve everything. */
function approvers(a: readonly Approver[], b: readonly Approver[]): DocumentChange[] {
  if (a.length === 0 && b.length > 0)
    return [{ effect: 'narrower', sentence: `Only ${b.map(({ name }) => name).join(', ')} may approve` }];
  if (a.length > 0 && b.length === 0)
    return [
      {
        effect: 'wider',
        sentence: 'Approvers are no longer named: whoever works here may approve everything',
      },
    ];
  return named(a, b, ({ name }) => name, {
    added: ({ name }) => [{ effect: 'wider', sentence: `${name} may approve` }],
    removed: ({ name }) => [{ effect: 'narrower', sentence: `${name} may no longer approve` }],
    both: (was, is) => [
      ...(was.publicKey === is.publicKey
        ? []
        : [{ effect: 'either' as const, sentence: `${is.name} approves with another key` }]),
      ...(same(was.may, is.may)
        ? []
        : [{ effect: 'either' as const, sentence: `What ${is.name} may approve was changed` }]),
    ],
  });
}

function credentials({ credentials: a }: Envelope, { credentials: b }: Envelope): DocumentChange[] {
  if (a.surplus === b.surplus) return [];
  return b.surplus === 'warn'
    ? [
        {
          effect: 'wider',
          sentence: 'Credentials that may more than is needed are warned of, no longer refused',
        },
      ]
    : [
        {
          effect: 'narrower',
          sentence: 'Credentials that may more than is needed are refused, no longer only warned of',
        },
      ];
}

function reads(a: Envelope['reads'], b: Envelope['reads']): DocumentChange[] {
  return [
    ...list('Namespaces that may be read', a.namespaces, b.namespaces, 'wider'),
    ...list('Metrics that may be read', a.metrics, b.metrics, 'wider'),
    ...list('Logs that may be read', a.logs, b.logs, 'wider'),
    ...list('Hosts that are refused', a.refusedHosts, b.refusedHosts, 'narrower'),
  ];
}

/** Pairs what has the same name in both, and asks what each difference means. */
function named<T>(
  was: readonly T[],
  is: readonly T[],
  nameOf: (one: T) => string,
  say: {
    added(one: T): DocumentChange[];
    removed(one: T): DocumentChange[];
    both(was: T, is: T): DocumentChange[];
  },
): DocumentChange[] {
  const before = new Map(was.map((one) => [nameOf(one), one]));
  const after = new Map(is.map((one) => [nameOf(one), one]));
  return [
    ...was.filter((one) => !after.has(nameOf(one))).flatMap(say.removed),
    ...is.flatMap((one) => {
      const earlier = before.get(nameOf(one));
      return earlier === undefined ? say.added(one) : say.both(earlier, one);
    }),
  ];
}

/** `more`: what it means that the number is larger. */
function number(what: string, was: number, is: number, more: Effect): DocumentChange[] {
  if (was === is) return [];
  const effect = is > was ? more : opposite(more);
  return [{ effect, sentence: `${what}: ${amount(is)}, was ${amount(was)}` }];
}

const amount = (value: number): string => (Number.isFinite(value) ? String(value) : 'unlimited');

/** `more`: what it means that the list has more in it. A `*` stands for everything already. */
function list(what: string, was: readonly string[], is: readonly string[], more: Effect): DocumentChange[] {
  const added = was.includes('*') ? [] : is.filter((one) => !was.includes(one));
  const gone = is.includes('*') ? [] : was.filter((one) => !is.includes(one));
  const instead = gone.includes('*') && is.length > 0 ? `, but ${is.join(', ')}` : '';
  return [
    ...(added.length > 0 ? [{ effect: more, sentence: `${what}: also ${added.join(', ')}` }] : []),
    ...(gone.length > 0
      ? [{ effect: opposite(more), sentence: `${what}: no longer ${gone.join(', ')}${instead}` }]
      : []),
  ];
}

/** `absent`: what it means when the list is not there. */
function optionalList(
  what: string,
  was: readonly string[] | undefined,
  is: readonly string[] | undefined,
  absent: 'any' | 'none',
): DocumentChange[] {
  if (was !== undefined && is !== undefined) return list(what, was, is, 'wider');
  if (was === undefined && is === undefined) return [];
  const words = (patterns: readonly string[] | undefined) => patterns?.join(', ') ?? absent;
  const appears = was === undefined;
  const effect: Effect = appears === (absent === 'none') ? 'wider' : 'narrower';
  return [{ effect, sentence: `${what}: ${words(is)}, was ${words(was)}` }];
}

const opposite = (effect: Effect): Effect =>
  effect === 'wider' ? 'narrower' : effect === 'narrower' ? 'wider' : 'either';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
