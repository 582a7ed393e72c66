/** ISO/IEC 7812-1: the sum of the digits, every second one from the right doubled, is a multiple of ten. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const counted = place % 2 === 1 ? digit * 2 : digit;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}

/** ISO 13616 with ISO 7064 MOD 97-10, on letters and digits without blanks. */
export function isIban(text: string): boolean {
  const moved = text.slice(4) + text.slice(0, 4);
  let rest = 0;
  for (const character of moved) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** The networks that number payment cards, with the lengths they use. */
const CARDS: readonly [RegExp, readonly number[]][] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720))/, [16]],
  [/^3[47]/, [15]],
  [/^3(?:0[0-5]|[689])/, [14]],
  [/^(?:6011|64[4-9]|65)/, [16, 19]],
  [/^35(?:2[89]|[3-8])/, [16]],
  [/^62/, [16, 17, 18, 19]],
  [/^(?:50|5[6-9]|6[37])/, [16]],
];

/** A number that a card network could have given out: a timestamp that happens to fit Luhn is none. */
export const isCard = (digits: string): boolean =>
  CARDS.some(([network, lengths]) => lengths.includes(digits.length) && network.test(digits)) &&
  isLuhn(digits);

/** Spain: the letter follows from the number (Real Decreto 1553/2005). */
export function isDni(text: string): boolean {
  const number = Number(text.slice(0, -1).replace(/^X/, '0').replace(/^Y/, '1').replace(/^Z/, '2'));
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23] === text.at(-1);
}

/** Brazil: two check digits, each a weighted sum of those before. */
export function isCpf(digits: string): boolean {
  if (/^(\d)\1*$/.test(digits)) return false;
  const check = (length: number) => {
    let sum = 0;
    for (let place = 0; place < length; place++) sum += Number(digits[place]) * (length + 1 - place);
    return ((sum * 10) % 11) % 10;
  };
  return check(9) === Number(digits[9]) && check(10) === Number(digits[10]);
}

/** France: a number and 97 less its rest by 97; Corsica counts as 19 and 18. */
export function isNir(text: string): boolean {
  const number = Number(text.slice(0, 13).replace('2A', '19').replace('2B', '18'));
  return 97 - (number % 97) === Number(text.slice(13));
}

/** GS1 and EAN-13, which Switzerland's insurance number uses. */
export function isEan13(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < 13; place++) sum += Number(digits[place]) * (place % 2 === 0 ? 1 : 3);
  return sum % 10 === 0;
}
