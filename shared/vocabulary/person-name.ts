/**
 * Names of people who decide. Two of them must never look alike on the screen, so a name is written in one script, has
 * nothing invisible in it, and is compared by what it looks like and not by its code points (after UTS #39).
 */
import { z } from 'zod';

const LONGEST = 80;

/** Scripts in which a name may be written as a whole; what is common to all (digits, the hyphen) fits into each. */
const WRITTEN_IN: readonly RegExp[] = [
  /^[\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]+$/u,
  /^[\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]+$/u,
  /^[\p{Script=Greek}\p{Script=Common}\p{Script=Inherited}]+$/u,
  /^[\p{Script=Armenian}\p{Script=Common}\p{Script=Inherited}]+$/u,
  /^[\p{Script=Georgian}\p{Script=Common}\p{Script=Inherited}]+$/u,
  /^[\p{Script=Hebrew}\p{Script=Common}\p{Script=Inherited}]+$/u,
  /^[\p{Script=Arabic}\p{Script=Common}\p{Script=Inherited}]+$/u,
  /^[\p{Script=Devanagari}\p{Script=Common}\p{Script=Inherited}]+$/u,
  /^[\p{Script=Bengali}\p{Script=Common}\p{Script=Inherited}]+$/u,
  /^[\p{Script=Tamil}\p{Script=Common}\p{Script=Inherited}]+$/u,
  /^[\p{Script=Thai}\p{Script=Common}\p{Script=Inherited}]+$/u,
  /^[\p{Script=Ethiopic}\p{Script=Common}\p{Script=Inherited}]+$/u,
  // Japanese and Korean are written in several scripts together.
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Common}\p{Script=Inherited}]+$/u,
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Common}\p{Script=Inherited}]+$/u,
];

/** Letters, marks and digits, with the signs that names are written with between them. */
const PLAIN = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} .'’_@-]*[\p{L}\p{M}\p{N}.])?$/u;

/** The name of a human being as it is kept: NFKC, without white space around it or doubled within. */
export const PersonName = z
  .string()
  .max(1_000)
  .transform((given) => given.normalize('NFKC').trim().replace(/\s+/gu, ' '))
  .superRefine((name, context) => {
    const message = problemWith(name);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

function problemWith(name: string): string | undefined {
  if (name === '' || [...name].length > LONGEST) return `a name has 1 to ${LONGEST} characters`;
  if (!PLAIN.test(name) || /\p{Default_Ignorable_Code_Point}/u.test(name))
    return "a name is made of letters, digits, spaces and . ' _ @ - only";
  if (!WRITTEN_IN.some((script) => script.test(name)))
    return 'a name that mixes scripts could be taken for another one: write it in one script';
  if (RESERVED.has(looks(name))) return `nobody decides as “${name}”: give the name of a human being`;
  return undefined;
}

/** Whether two names could be taken for each other. */
export const lookAlike = (one: string, other: string): boolean => looks(one) === looks(other);

/** What a name looks like: equal for names that differ in case, accents, space, signs or look-alike letters only. */
function looks(name: string): string {
  const bare = name
    .normalize('NFKD')
    .replace(/./gu, (letter) => CAPITAL_LIKE.get(letter) ?? letter)
    .toLowerCase()
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/[^\p{L}\p{N}]/gu, '');
  return [...bare]
    .map((letter) => LOOKS_LIKE.get(letter) ?? letter)
    .join('')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll('cl', 'd');
}

/** Capitals that look like a Latin one, though their lower case does not. */
const CAPITAL_LIKE: ReadonlyMap<string, string> = new Map(
  [...'ΑaΒbΕeΖzΗhΙiΚkΜmΝnΟoΡpΤtΥyΧxАaВbЕeКkМmНhОoРpСcТtУyХxЅsІiЈi'.matchAll(/(.)(.)/gu)].map(
    ([, letter = '', latin = '']) => [letter, latin] as const,
  ),
);

/** Lower-case letters of other scripts, and digits, that a reader takes for a Latin letter. From the data of UTS #39. */
const LOOKS_LIKE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: 'аαɑ',
    b: 'ьвβъ',
    c: 'сϲ',
    d: 'ԁ',
    e: 'еєεҽ',
    g: 'ɡԍ',
    h: 'һнհ',
    i: 'іιıɩ1ljјӏ|l',
    k: 'кκ',
    m: 'мϻ',
    n: 'пηпո',
    o: 'оοσօ0',
    p: 'рρ',
    q: 'ԛզ',
    r: 'гᴦ',
    s: 'ѕ5ꜱ',
    t: 'тτ',
    u: 'υսцμ',
    v: 'νѵ',
    w: 'ԝшωɯ',
    x: 'хχ',
    y: 'уүγ',
    z: 'ᴢ2',
  }).flatMap(([latin, others]) => [...others].map((other) => [other, latin] as const)),
);

/** The machine, the model and the guard are on record under these; no person is. */
const RESERVED: ReadonlySet<string> = new Set(
  ['countersign', 'system', 'guard', 'host', 'analyst', 'model', 'nobody', 'anyone'].map(looks),
);
