import { describe, expect, it } from 'vitest';
import type { AccessAnswer, HeldRight } from '../../../../electron/connectors/source.ts';
import {
  compare,
  comparedInWords,
  type Reviewed,
} from '../../../../electron/host/least-privilege/compare.ts';
import { dangers } from '../../../../electron/host/least-privilege/dangerous-rights.ts';

const needed = [
  { verb: 'get', group: 'apps', resource: 'deployments' },
  { verb: 'patch', group: 'apps', resource: 'deployments' },
];
const held = (verb: string, group: string, resource: string, names: string[] = []): HeldRight => ({
  verb,
  group,
  resource,
  names,
});
const reviewed = (
  differences: Partial<Reviewed> = {},
  say: (right: string, namespace: string | undefined) => AccessAnswer = () => 'denied',
): Reviewed => ({
  answers: dangers.map((danger) => ({
    danger,
    namespace: undefined,
    answer: say(`${danger.verb} ${danger.resource}`, undefined),
  })),
  held: [held('get', 'apps', 'deployments'), held('patch', 'apps', 'deployments')],
  incomplete: false,
  groups: ['system:authenticated'],
  ...differences,
});

describe('a credential compared with the need', () => {
  it('that holds what is needed has nothing dangerous and nothing beyond it', () => {
    const found = compare(needed, reviewed());
    expect(found).toEqual({ needs: 2, holds: 2, dangerous: [], surplus: [], incomplete: false });
    expect(comparedInWords(found)).toBe('Needs 2, holds 2, none dangerous');
  });

  it('that holds more says so, the worst first', () => {
    const found = compare(
      needed,
      reviewed(
        {
          held: [held('get', 'apps', 'deployments'), held('delete', '', 'pods'), held('list', '', 'secrets')],
        },
        (right) =>
          ['list secrets', 'create pods/exec', 'impersonate groups'].includes(right) ? 'allowed' : 'denied',
      ),
    );
    expect(found.dangerous.map(({ right }) => right)).toEqual([
      'impersonate groups',
      'list secrets',
      'create pods/exec',
    ]);
    expect(found.surplus).toEqual(['delete pods']);
    expect(comparedInWords(found)).toBe('Needs 2, holds 5, 3 dangerous');
  });

  it('does not count what the envelope needs as dangerous', () => {
    const asked = [...needed, { verb: 'delete', group: 'apps', resource: 'deployments' }];
    const found = compare(
      asked,
      reviewed({}, (right) => (right === 'delete deployments' ? 'allowed' : 'denied')),
    );
    expect(found.dangerous).toEqual([]);
  });

  it('takes the token of one named account for no right to all tokens', () => {
    const own = held('create', '', 'serviceaccounts/token', ['countersign-writer']);
    const found = compare(needed, reviewed({ held: [own] }));
    expect(found.dangerous).toEqual([]);
    expect(found.surplus).toEqual(['create serviceaccounts/token (only countersign-writer)']);
  });

  it('is the worst of all in the group whom nothing is refused', () => {
    const found = compare(needed, reviewed({ groups: ['system:masters'] }));
    expect(found.dangerous[0]).toMatchObject({ right: 'member of system:masters', where: 'everywhere' });
  });
});

describe('a server that lies', () => {
  it('is not believed when it denies what its own list of rules allows', () => {
    const found = compare(needed, reviewed({ held: [held('*', '*', '*')] }));
    expect(found.dangerous.length).toBe(dangers.length);
    expect(found.dangerous[0]?.right).toBe('* *.*');
  });

  it('is taken for the worse where it gives no clear answer', () => {
    const found = compare(
      needed,
      reviewed({}, (right) => (right === 'get secrets' ? 'unclear' : 'denied')),
    );
    expect(found.dangerous).toEqual([
      { right: 'get secrets', where: 'everywhere', why: 'read secrets (the server gave no clear answer)' },
    ]);
  });

  it('says that its list may lack something, and so does the sentence', () => {
    expect(comparedInWords(compare(needed, reviewed({ incomplete: true })))).toBe(
      'Needs 2, holds at least 2, none dangerous',
    );
  });
});
