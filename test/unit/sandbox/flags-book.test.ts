import { describe, expect, it } from 'vitest';
import type { FlagEvent } from '../../../electron/sandbox/flags/flag.ts';
import { type FlagBook, flagBook } from '../../../electron/sandbox/flags/flag-book.ts';

const act = { by: 'anna', atMs: 1_000 };
const metadata = {
  type: 'release',
  description: null,
  impressionData: false,
  stale: false,
  archived: false,
} as const;
const place = { project: 'default', flag: 'new-cart', environment: 'production' };

function bookWith(...names: string[]): FlagBook {
  const book = flagBook({ seed: 1 });
  for (const name of names) book.create({ project: 'default', name }, act);
  return book;
}
const told = (book: FlagBook) =>
  book.events().map(({ id, type, createdBy, atMs, environment }) => [id, type, createdBy, atMs, environment]);
const types = (book: FlagBook) => book.events().map(({ type }) => type);

describe('a scripted rollout', () => {
  it('makes the flag when there is none, and says which event it left last', () => {
    const book = flagBook({ seed: 1 });
    const id = book.setRollout({ flag: 'new-cart', percent: 20, by: 'ben', atMs: 5_000 });
    expect(told(book)).toEqual([
      [1, 'feature-created', 'ben', 5_000, null],
      [2, 'feature-strategy-add', 'ben', 5_000, 'production'],
      [3, 'feature-environment-enabled', 'ben', 5_000, 'production'],
    ]);
    expect(id).toBe(3);
    expect(book.shareOn('new-cart')).toBe(0.2);
  });

  it('changes the strategy that is there, with before and after', () => {
    const book = flagBook({ seed: 1 });
    book.setRollout({ flag: 'new-cart', percent: 20, by: 'ben', atMs: 5_000 });
    const id = book.setRollout({ flag: 'new-cart', percent: 55, by: 'carl', atMs: 9_000 });
    expect(book.events().at(-1)).toMatchObject({
      id,
      type: 'feature-strategy-update',
      createdBy: 'carl',
      atMs: 9_000,
      environment: 'production',
      preData: { parameters: { rollout: '20', groupId: 'new-cart', stickiness: 'default' } },
      data: { parameters: { rollout: '55', groupId: 'new-cart', stickiness: 'default' } },
    });
    expect(book.events()).toHaveLength(4);
    expect(book.shareOn('new-cart')).toBe(0.55);
  });

  it('to nothing turns the environment off and leaves the strategy, so that it can come back', () => {
    const book = flagBook({ seed: 1 });
    book.setRollout({ flag: 'new-cart', percent: 40, by: 'ben', atMs: 1 });
    const off = book.setRollout({ flag: 'new-cart', percent: 0, by: 'ben', atMs: 2 });
    expect(book.events().at(-1)).toMatchObject({ id: off, type: 'feature-environment-disabled' });
    expect([book.shareOn('new-cart'), book.isOnFor('new-cart', 'anna')]).toEqual([0, false]);
    const again = book.setRollout({ flag: 'new-cart', percent: 40, by: 'ben', atMs: 3 });
    expect(book.events().at(-1)).toMatchObject({ id: again, type: 'feature-environment-enabled' });
    expect(book.shareOn('new-cart')).toBe(0.4);
    expect(types(book).filter((type) => type === 'feature-strategy-add')).toHaveLength(1);
  });

  it('that changes nothing leaves no event and gives the last there was', () => {
    const book = flagBook({ seed: 1 });
    book.setRollout({ flag: 'other', percent: 10, by: 'ben', atMs: 1 });
    const change = { flag: 'new-cart', percent: 40, by: 'ben', atMs: 1 };
    const id = book.setRollout(change);
    book.setRollout({ flag: 'other', percent: 20, by: 'ben', atMs: 1 });
    const before = book.events().length;
    expect(book.setRollout({ ...change, atMs: 9 })).toBe(id);
    expect(book.events()).toHaveLength(before);
  });

  it('wakes a strategy that was disabled', () => {
    const book = flagBook({ seed: 1 });
    book.setRollout({ flag: 'new-cart', percent: 40, by: 'ben', atMs: 1 });
    const [strategy] = book.strategies(place);
    book.updateStrategy(place, strategy?.id ?? '', { disabled: true }, act);
    expect(book.get('new-cart')?.environments.production.enabled).toBe(false);
    book.setRollout({ flag: 'new-cart', percent: 40, by: 'ben', atMs: 2 });
    expect(book.shareOn('new-cart')).toBe(0.4);
  });

  it('leaves an archived flag as it is', () => {
    const book = flagBook({ seed: 1 });
    book.setRollout({ flag: 'new-cart', percent: 40, by: 'ben', atMs: 1 });
    book.archive(place, act);
    expect(book.setRollout({ flag: 'new-cart', percent: 80, by: 'ben', atMs: 2 })).toBe(4);
    expect(book.shareOn('new-cart')).toBe(0);
  });

  it.each([-1, 101, Number.NaN])('of %d %% is a defect', (percent) => {
    expect(() => flagBook({ seed: 1 }).setRollout({ flag: 'a', percent, by: 'b', atMs: 1 })).toThrow(
      /percentage/,
    );
  });
});

it('is off for a flag that nobody made, whatever it is called', () => {
  const book = flagBook({ seed: 1 });
  for (const name of ['nope', '__proto__', 'constructor', 'toString']) {
    expect([book.shareOn(name), book.isOnFor(name, 'anna')]).toEqual([0, false]);
  }
});

it('keeps a flag with the name of a prototype like any other', () => {
  const book = bookWith('__proto__', 'constructor');
  book.setEnabled({ ...place, flag: '__proto__' }, true, act);
  expect([book.shareOn('__proto__'), book.shareOn('constructor')]).toEqual([1, 0]);
  expect(book.list().map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
});

describe('turning a flag on', () => {
  it('gives it to all when it has no strategy, by a strategy', () => {
    const book = bookWith('new-cart');
    book.setEnabled(place, true, act);
    expect(types(book).slice(1)).toEqual(['feature-strategy-add', 'feature-environment-enabled']);
    expect(book.strategies(place)[0]).toMatchObject({
      name: 'flexibleRollout',
      parameters: { rollout: '100', stickiness: 'default', groupId: 'new-cart' },
    });
    expect(book.shareOn('new-cart')).toBe(1);
  });

  it('in development is nothing in production', () => {
    const book = bookWith('new-cart');
    book.setEnabled({ ...place, environment: 'development' }, true, act);
    expect(book.shareOn('new-cart')).toBe(0);
    expect(book.events().at(-1)).toMatchObject({ environment: 'development' });
  });

  it('twice leaves one event', () => {
    const book = bookWith('new-cart');
    book.setEnabled(place, true, act);
    const before = book.events().length;
    book.setEnabled(place, true, act);
    expect(book.events()).toHaveLength(before);
  });

  it('wakes the strategies that are disabled when told to, else adds one that is not', () => {
    const draft = { name: 'flexibleRollout', parameters: { rollout: '10' }, disabled: true };
    const shares = [true, false].map((activateDisabled) => {
      const book = bookWith('new-cart');
      book.addStrategy(place, draft, act);
      book.setEnabled(place, true, act, { activateDisabled });
      return [book.shareOn('new-cart'), book.strategies(place).length];
    });
    expect(shares).toEqual([
      [0.1, 1],
      [1, 2],
    ]);
  });
});

describe('a strategy', () => {
  it('that goes as the last one turns the environment off before that is told', () => {
    const book = bookWith('new-cart');
    book.setEnabled(place, true, act);
    const [strategy] = book.strategies(place);
    book.removeStrategy(place, strategy?.id ?? '', { by: 'ben', atMs: 7 });
    expect(told(book).slice(-2)).toEqual([
      [4, 'feature-environment-disabled', 'ben', 7, 'production'],
      [5, 'feature-strategy-remove', 'ben', 7, 'production'],
    ]);
    expect(book.events().at(-1)).toMatchObject({ preData: strategy, data: null });
    expect(book.shareOn('new-cart')).toBe(0);
  });

  it('keeps what a change leaves out, but for constraints and variants', () => {
    const book = bookWith('new-cart');
    const { id } = book.addStrategy(
      place,
      {
        name: 'flexibleRollout',
        title: 'Half',
        parameters: { rollout: '50' },
        constraints: [{ contextName: 'userId', operator: 'IN', values: ['a'] }],
        variants: [{ name: 'blue', weight: 1_000 }],
      },
      act,
    );
    expect(book.updateStrategy(place, id, {}, act)).toMatchObject({
      id,
      title: 'Half',
      parameters: { rollout: '50', groupId: 'new-cart', stickiness: 'default' },
      constraints: [],
      variants: [],
    });
  });

  it('stands where its sort order puts it', () => {
    const book = bookWith('new-cart');
    for (const sortOrder of [5, 1]) book.addStrategy(place, { name: 'default', sortOrder }, act);
    book.addStrategy(place, { name: 'userWithId' }, act);
    expect(book.strategies(place).map(({ name, sortOrder }) => [name, sortOrder])).toEqual([
      ['default', 1],
      ['default', 5],
      ['userWithId', 6],
    ]);
  });

  it('is found under its own flag and environment alone', () => {
    const book = bookWith('new-cart', 'other');
    const { id } = book.addStrategy(place, { name: 'default' }, act);
    const before = book.events().length;
    for (const elsewhere of [
      { ...place, flag: 'other' },
      { ...place, environment: 'development' },
    ]) {
      expect(() => book.strategy(elsewhere, id)).toThrow(`Could not find strategy with id: ${id}`);
      expect(() => book.updateStrategy(elsewhere, id, { title: 'x' }, act)).toThrow(/can not change/);
      expect(() => book.removeStrategy(elsewhere, id, act)).toThrow(/can not change/);
    }
    expect(book.events()).toHaveLength(before);
    expect(book.strategy(place, id).title).toBeNull();
  });
});

describe('what is refused', () => {
  const refused: [string, (book: FlagBook) => unknown, string, RegExp][] = [
    [
      'a name that is taken',
      (book) => book.create({ project: 'default', name: 'new-cart' }, act),
      'NameExistsError',
      /^A flag with/,
    ],
    [
      'another project',
      (book) => book.create({ project: 'x', name: 'b' }, act),
      'NotFoundError',
      /project with id x/,
    ],
    [
      'an unknown flag',
      (book) => book.archive({ ...place, flag: 'b' }, act),
      'NotFoundError',
      /no feature named "b"/,
    ],
    [
      'a flag of no such project',
      (book) => book.update({ ...place, project: 'x' }, metadata, act),
      'NotFoundError',
      /but there's a feature/,
    ],
    [
      'an unknown environment',
      (book) => book.setEnabled({ ...place, environment: 'x' }, true, act),
      'NotFoundError',
      /environment x/,
    ],
    [
      'an unknown kind of strategy',
      (book) => book.addStrategy(place, { name: 'x' }, act),
      'BadDataError',
      /strategy type with name x/,
    ],
    [
      'a segment',
      (book) => book.addStrategy(place, { name: 'default', segments: [3] }, act),
      'NotFoundError',
      /ID "3"/,
    ],
    ['an unknown strategy', (book) => book.updateStrategy(place, 'x', {}, act), 'NotFoundError', /id=x/],
    [
      'too many constraints',
      (book) => {
        const constraints = Array.from({ length: 31 }, () => ({
          contextName: 'a',
          operator: 'IN',
          values: [],
        }));
        return book.addStrategy(place, { name: 'default', constraints }, act);
      },
      'ExceedsLimitError',
      /limit of 30/,
    ],
  ];
  it.each(refused)('%s, leaves nothing behind', (_case, change, name, message) => {
    const book = bookWith('new-cart');
    const [before, events] = [book.list(), book.events().length];
    expect(() => change(book)).toThrow(
      expect.objectContaining({ name, message: expect.stringMatching(message) }),
    );
    expect(book.list()).toEqual(before);
    expect(book.events()).toHaveLength(events);
  });

  it('a thirty-first strategy', () => {
    const book = bookWith('new-cart');
    for (let made = 0; made < 30; made++) book.addStrategy(place, { name: 'default' }, act);
    expect(() => book.addStrategy(place, { name: 'default' }, act)).toThrow(/limit of 30/);
    expect(book.strategies(place)).toHaveLength(30);
  });

  it('turning on what is archived, and its name for another', () => {
    const book = bookWith('new-cart');
    book.archive(place, act);
    expect(() => book.setEnabled(place, true, act)).toThrow(/archived features/);
    expect(() => book.create({ project: 'default', name: 'new-cart' }, act)).toThrow(/^An archived flag/);
  });
});

it('keeps before and after of what a flag says of itself, unless nothing changed', () => {
  const book = bookWith('new-cart');
  book.update(place, metadata, act);
  expect(types(book)).toEqual(['feature-created']);
  book.update(place, { ...metadata, description: 'The new cart', stale: true }, act, { tellStale: true });
  expect(types(book)).toEqual(['feature-created', 'feature-metadata-updated', 'feature-stale-on']);
  expect(book.events()[1]).toMatchObject({
    preData: { description: null, stale: false },
    data: { description: 'The new cart', stale: true, createdAt: '1970-01-01T00:00:01.000Z' },
  });
});

it('tells each event to those who listen, once it has happened, until they stop', () => {
  const book = flagBook({ seed: 1 });
  const heard: [FlagEvent['type'], number][] = [];
  const stop = book.subscribe(({ type, featureName }) => heard.push([type, book.shareOn(featureName)]));
  book.setRollout({ flag: 'new-cart', percent: 30, by: 'ben', atMs: 1 });
  stop();
  book.setRollout({ flag: 'new-cart', percent: 60, by: 'ben', atMs: 2 });
  expect(heard).toEqual([
    ['feature-created', 0],
    ['feature-strategy-add', 0],
    ['feature-environment-enabled', 0.3],
  ]);
});

it('gives the same strategies the same ids in the same drill, and others in another', () => {
  const ids = (seed: number) => {
    const book = flagBook({ seed });
    for (const flag of ['a', 'b']) book.setRollout({ flag, percent: 10, by: 'ben', atMs: 1 });
    return ['a', 'b'].flatMap((flag) => book.strategies({ ...place, flag }).map(({ id }) => id));
  };
  expect(ids(1)).toEqual(ids(1));
  expect(new Set([...ids(1), ...ids(2)]).size).toBe(4);
});

it('knows people by number: the admin by the one that Unleash has for it, others from 1', () => {
  const book = flagBook({ seed: 1 });
  for (const by of ['admin', 'ben', 'anna', 'ben'])
    book.create({ project: 'default', name: `${by}-${book.list().length}` }, { by, atMs: 1 });
  expect(book.events().map(({ createdByUserId }) => createdByUserId)).toEqual([-42, 1, 2, 1]);
});
