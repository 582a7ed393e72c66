import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../../electron/ledger/entry.ts';
import {
  type Apart,
  commitment,
  commitmentsIn,
  opened,
  setApart,
} from '../../../electron/ledger/personal/personal.ts';
import { type PersonalRow, personalCheck } from '../../../electron/ledger/personal/personal-check.ts';
import { dueBefore, Retention, rulesInForce } from '../../../electron/ledger/personal/retention.ts';

const entry = (seq: number, kind: LedgerEntry['kind'], body: object): LedgerEntry => ({
  v: 1,
  seq,
  kind,
  at: '2026-03-01T10:00:00.000Z',
  realm: 'real',
  actor: { kind: 'person', name: 'kim' },
  body: body as LedgerEntry['body'],
});

const keptOf =
  (apart: readonly Apart[]) =>
  (member: string): { kind: 'kept'; salt: Uint8Array; value: Uint8Array } | undefined => {
    const found = apart.find((one) => one.member === member);
    return found && { kind: 'kept', salt: found.salt, value: found.value };
  };

describe('what is set apart', () => {
  it('is no longer in the body, and comes back unchanged', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed() && text !== ''),
        (text) => {
          const whole = { key: 'note-1', text };
          const { body, apart } = setApart('note', whole);
          expect(body['text']).toEqual({ $personal: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/) });
          expect(body['key']).toBe('note-1');
          expect(opened('note', body, keptOf(apart))).toEqual(whole);
        },
      ),
    );
  });

  it('has a salt of its own each time, so that equal words cannot be told to be equal', () => {
    const [one, other] = [setApart('note', { text: 'yes' }), setApart('note', { text: 'yes' })];
    expect(one.body).not.toEqual(other.body);
  });

  it('leaves other kinds of entry, and empty words, as they are', () => {
    expect(setApart('result', { reason: 'x' })).toEqual({ body: { reason: 'x' }, apart: [] });
    expect(setApart('decision', { reason: '' })).toEqual({ body: { reason: '' }, apart: [] });
  });

  it('refuses a value that is too long', () => {
    expect(() => setApart('note', { text: 'x'.repeat(65_535) })).toThrow(/shorten it/);
  });

  it('reads as withheld or as erased where it is gone', () => {
    const { body } = setApart('stop', { reason: 'too risky' });
    expect(opened('stop', body, () => undefined)).toEqual({ reason: { $withheld: true } });
    expect(opened('stop', body, () => ({ kind: 'erased', by: 9, rule: 'R' }))).toEqual({
      reason: { $erased: 'erased under rule R' },
    });
  });

  it('is committed to as the format says', () => {
    const salt = new Uint8Array(32).fill(7);
    const { body, apart } = setApart('note', { text: 'é' }, () => Buffer.from(salt));
    const [found] = commitmentsIn('note', body);
    expect(found?.hash).toEqual(commitment(salt, Buffer.from('"é"')));
    expect(apart[0]?.value.toString()).toBe('"é"');
    // printf 'countersign.personal/1\n' + 32 bytes of 7 + '"é"' in UTF-8, with another implementation of SHA-256.
    expect(Buffer.from(found?.hash ?? []).toString('hex')).toBe(
      '1d4d156784509c44f6c9dbea09baaec0b39541e01d0b7269d24910753340f337',
    );
  });
});

describe('the check of what stands apart', () => {
  const { body, apart } = setApart('note', { text: 'my words' });
  const [one] = apart;
  const note = entry(3, 'note', body);
  const kept: PersonalRow = { salt: one?.salt ?? new Uint8Array(), value: one?.value ?? new Uint8Array() };
  const erasure = (entries: [number, string][]) =>
    entry(5, 'erasure', { rule: 'R', jurisdiction: 'EU', because: 'law', entries, reads: [] });
  const check = (rows: Record<string, PersonalRow>, entries: LedgerEntry[], mayBeWithheld = false) => {
    const checked = personalCheck({
      at: (seq, member) => rows[`${seq} ${member}`],
      count: () => Object.keys(rows).length,
      mayBeWithheld,
    });
    const wrong = entries.map((each) => checked.add(each)).find((problem) => problem !== undefined);
    return { wrong: wrong ?? checked.finish(), erased: checked.erased() };
  };

  it('holds for what is kept, and for what an entry erased, and names the rule', () => {
    expect(check({ '3 text': kept }, [note])).toEqual({ wrong: undefined, erased: [] });
    expect(check({ '3 text': { erasedBy: 5 } }, [note, erasure([[3, 'text']])])).toEqual({
      wrong: undefined,
      erased: [{ rule: 'R', values: 1 }],
    });
  });

  it.each<[string, Record<string, PersonalRow>, LedgerEntry[], RegExp]>([
    [
      'other words',
      { '3 text': { ...kept, value: Buffer.from('"other"') } },
      [note],
      /does not say what is kept/,
    ],
    [
      'another salt',
      { '3 text': { ...kept, salt: new Uint8Array(32) } },
      [note],
      /does not say what is kept/,
    ],
    ['a short salt', { '3 text': { ...kept, salt: new Uint8Array(3) } }, [note], /does not say what is kept/],
    ['nothing kept', {}, [note], /no rule erased it/],
    ['words erased without a record', { '3 text': { erasedBy: 5 } }, [note], /no entry erased it/],
    ['words erased by an earlier entry', { '3 text': { erasedBy: 2 } }, [note], /came before it/],
    [
      'a record of what is still there',
      { '3 text': kept },
      [note, erasure([[3, 'text']])],
      /which is not so/,
    ],
    [
      'a record that names it twice',
      { '3 text': { erasedBy: 5 } },
      [
        note,
        erasure([
          [3, 'text'],
          [3, 'text'],
        ]),
      ],
      /out of order/,
    ],
    [
      'words of an entry that set none apart',
      { '3 text': kept, '4 text': kept },
      [note],
      /set nothing apart/,
    ],
  ])('does not hold with %s', (_what, rows, entries, problem) => {
    expect(check(rows, entries).wrong).toMatch(problem);
  });

  it('lets a bundle withhold words, but not change them', () => {
    expect(check({}, [note], true).wrong).toBeUndefined();
    expect(check({ '3 text': { ...kept, value: Buffer.from('"x"') } }, [note], true).wrong).toBeDefined();
  });
});

describe('retention rules', () => {
  const rule = { rule: 'R1', kinds: ['note'], afterDays: 30, because: 'GDPR Art. 5(1)(e)' };
  const file = { format: 'countersign.retention/1', jurisdiction: 'EU', rules: [rule] };

  it('apply in their jurisdictions, or everywhere', () => {
    const there = { ...rule, rule: 'R2', jurisdictions: ['EU', 'UK'] };
    const elsewhere = { ...rule, rule: 'R3', jurisdictions: ['US-CA'] };
    const read = Retention.parse({ ...file, rules: [rule, there, elsewhere] });
    expect(rulesInForce(read).map((each) => each.rule)).toEqual(['R1', 'R2']);
  });

  it('count in days of 24 hours', () => {
    const [first] = Retention.parse(file).rules;
    expect(first && dueBefore(first, 31 * 86_400_000)).toBe(86_400_000);
  });

  it.each<[string, object]>([
    ['a kind with nothing personal', { ...file, rules: [{ ...rule, kinds: ['result'] }] }],
    ['no days', { ...file, rules: [{ ...rule, afterDays: 0 }] }],
    ['two rules of one name', { ...file, rules: [rule, rule] }],
    ['a member that is not known', { ...file, more: 1 }],
    ['another format', { ...file, format: 'countersign.retention/2' }],
  ])('refuses %s', (_what, settings) => {
    expect(Retention.safeParse(settings).success).toBe(false);
  });
});
