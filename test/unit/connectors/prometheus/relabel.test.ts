import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Labels } from '../../../../electron/connectors/alert-labels.ts';
import { anchoredPattern } from '../../../../electron/connectors/prometheus/anchored-pattern.ts';
import {
  type RelabelRule,
  relabelActions,
  relabelled,
} from '../../../../electron/connectors/prometheus/relabel.ts';

/** A rule as Prometheus fills it in; `regex` is a pattern without its anchors. */
const rule = ({
  regex = '(.*)',
  ...more
}: Partial<Omit<RelabelRule, 'regex'>> & { regex?: string }): RelabelRule => ({
  action: 'replace',
  sourceLabels: [],
  separator: ';',
  regex: anchoredPattern(regex, { dotFitsLineBreak: true }),
  modulus: 1n,
  targetLabel: '',
  replacement: '$1',
  isLabelName: (name) => name !== '',
  ...more,
});

const labels = { alertname: 'HighErrorRate', cluster: 'eu', pod: 'web-7', replica: 'b' };

describe('relabelling', () => {
  it.each<[string, Parameters<typeof rule>[0], Labels | null]>([
    ['copies a value', { sourceLabels: ['pod'], targetLabel: 'workload' }, { ...labels, workload: 'web-7' }],
    [
      'joins the values of several labels, an absent one as nothing',
      { sourceLabels: ['cluster', 'absent', 'replica'], targetLabel: 'from' },
      { ...labels, from: 'eu;;b' },
    ],
    [
      'takes groups of the pattern, in the name of the label too',
      {
        sourceLabels: ['pod'],
        regex: '(\\w+)-(?P<n>\\d+)',
        targetLabel: 'of_$1',
        replacement: `\${n}:$$1:$3:$1x:$`,
      },
      { ...labels, of_web: '7:$1:::$' },
    ],
    [
      'fits the whole value or nothing',
      { sourceLabels: ['pod'], regex: 'web', targetLabel: 'is_web' },
      labels,
    ],
    [
      'removes a label that gets no value',
      { sourceLabels: ['pod'], targetLabel: 'pod', replacement: '' },
      { alertname: 'HighErrorRate', cluster: 'eu', replica: 'b' },
    ],
    ['drops what fits', { action: 'drop', sourceLabels: ['cluster'], regex: 'eu|us' }, null],
    ['drops nothing else', { action: 'drop', sourceLabels: ['cluster'], regex: 'us' }, labels],
    ['keeps what fits', { action: 'keep', sourceLabels: ['cluster'], regex: 'e.' }, labels],
    ['keeps nothing else', { action: 'keep', sourceLabels: ['cluster'], regex: 'e' }, null],
    ['drops what is equal', { action: 'dropequal', sourceLabels: ['cluster'], targetLabel: 'cluster' }, null],
    [
      'keeps what is equal alone',
      { action: 'keepequal', sourceLabels: ['pod'], targetLabel: 'cluster' },
      null,
    ],
    [
      'counts an absent label equal to an absent one',
      { action: 'keepequal', sourceLabels: ['x'], targetLabel: 'y' },
      labels,
    ],
    [
      'takes the remainder of the last eight bytes of the MD5',
      { action: 'hashmod', sourceLabels: ['pod', 'cluster'], targetLabel: 'shard', modulus: 1_000n },
      { ...labels, shard: '887' },
    ],
    [
      'copies labels under names that are made of theirs',
      { action: 'labelmap', regex: '(c.+|pod)', replacement: 'k8s_$1' },
      { ...labels, k8s_cluster: 'eu', k8s_pod: 'web-7' },
    ],
    [
      'of labels that get one name, takes the last by name',
      { action: 'labelmap', regex: 'pod|replica|cluster', replacement: 'any' },
      { ...labels, any: 'b' },
    ],
    [
      'drops labels by name',
      { action: 'labeldrop', regex: 'repl.*' },
      { alertname: 'HighErrorRate', cluster: 'eu', pod: 'web-7' },
    ],
    ['keeps labels by name', { action: 'labelkeep', regex: 'alertname' }, { alertname: 'HighErrorRate' }],
    [
      'writes large letters',
      { action: 'uppercase', sourceLabels: ['alertname'], targetLabel: 'large' },
      { ...labels, large: 'HIGHERRORRATE' },
    ],
  ])('%s', (_case, given, expected) => expect(relabelled(labels, [rule(given)])).toEqual(expected));

  it.each([
    ['uppercase', 'straße ŉ ᾳ ᾀ ῼ', 'STRAßE ŉ ᾼ ᾈ ῼ'],
    ['lowercase', 'İI ΟΔΟΣ ẞ', 'ii οδοσ ß'],
  ] as const)('%s maps each character to one, as Go does', (action, value, expected) =>
    expect(relabelled({ value }, [rule({ action, sourceLabels: ['value'], targetLabel: 'value' })])).toEqual({
      value: expected,
    }),
  );

  it('sets no label whose name is none', () => {
    const given = rule({ sourceLabels: ['absent'], targetLabel: '$1', replacement: 'x' });
    expect(relabelled(labels, [given])).toEqual(labels);
    const legacy = rule({
      ...given,
      regex: '(.*)',
      sourceLabels: ['pod'],
      isLabelName: (name) => /^\w+$/.test(name),
    });
    expect(relabelled(labels, [legacy])).toEqual(labels);
  });

  it('takes no time for a pattern that others would take forever for', () => {
    const slow = rule({ action: 'drop', sourceLabels: ['value'], regex: '(a*)*(a|a)*b' });
    expect(relabelled({ value: 'a'.repeat(20_000) }, [slow])).not.toBeNull();
  });
});

describe('whatever the rules and the labels', () => {
  const name = fc.constantFrom('a', 'b', 'cc', 'alertname', '__proto__', 'constructor', 'é.x');
  const value = fc.oneof(
    fc.constantFrom('', 'a', 'ab', 'web-1'),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
  );
  const some = fc.dictionary(name, value);
  const given = fc
    .record({
      action: fc.constantFrom(...relabelActions),
      sourceLabels: fc.array(name, { maxLength: 3 }),
      separator: fc.constantFrom(';', ''),
      regex: fc.constantFrom('(.*)', '', 'a.*', '(a)|(b+)', '[a-c]+', '(?i)A(.)'),
      modulus: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
      targetLabel: name,
      replacement: fc.constantFrom('$1', '', 'x', `$2$$\${9}`, '$0'),
    })
    .map((one) => rule(one));
  const present = (all: Labels) => Object.fromEntries(Object.entries(all).filter(([, one]) => one !== ''));

  it('no label is left without a value, and none that came is changed itself', () => {
    fc.assert(
      fc.property(some, fc.array(given, { maxLength: 5 }), (before, rules) => {
        const copy = structuredClone(before);
        const after = relabelled(before, rules);
        expect(before).toEqual(copy);
        for (const one of Object.values(after ?? {})) expect(one).not.toBe('');
      }),
    );
  });

  it('rules one after the other do what all do at once, and none does nothing', () => {
    fc.assert(
      fc.property(
        some,
        fc.array(given, { maxLength: 3 }),
        fc.array(given, { maxLength: 3 }),
        (before, one, more) => {
          // Of two labels that a labelmap gives one name, which counts depends on which was set last.
          fc.pre([...one, ...more].every(({ action }) => action !== 'labelmap'));
          const between = relabelled(before, one);
          const stepwise = between === null ? null : relabelled(between, more);
          expect(relabelled(before, [...one, ...more])).toEqual(stepwise);
          expect(relabelled(before, [])).toEqual(present(before));
        },
      ),
    );
  });

  it('what one action takes, its opposite leaves', () => {
    fc.assert(
      fc.property(some, given, (before, one) => {
        const by = (action: RelabelRule['action']) => relabelled(before, [{ ...one, action }]);
        for (const [keeps, drops] of [
          ['keep', 'drop'],
          ['keepequal', 'dropequal'],
        ] as const)
          expect([by(keeps), by(drops)].filter((left) => left !== null)).toEqual([present(before)]);
        const parts = { ...by('labelkeep'), ...by('labeldrop') };
        expect(parts).toEqual(present(before));
        expect(Object.keys(by('labelkeep') ?? {}).length + Object.keys(by('labeldrop') ?? {}).length).toBe(
          Object.keys(present(before)).length,
        );
      }),
    );
  });
});
