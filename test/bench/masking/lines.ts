/** One line of a hundred thousand characters each, made to cost a rule as much as it can. */
export const LINE_LENGTH = 100_000;

const upTo = (piece: string) => piece.repeat(Math.ceil(LINE_LENGTH / piece.length)).slice(0, LINE_LENGTH);

function alike(piece: (place: number) => string): string {
  let line = '';
  for (let place = 0; line.length < LINE_LENGTH; place++) line += piece(place);
  return line.slice(0, LINE_LENGTH);
}

export const hostileLines: Readonly<Record<string, string>> = {
  letters: upTo('a'),
  digits: upTo('1'),
  'digits and blanks': upTo('4 '),
  'digits and dashes': upTo('123-'),
  blanks: upTo(' '),
  'at signs': upTo('a@'),
  'addresses without an end': upTo('a@b.'),
  underscores: upTo('_'),
  quotes: upTo('"'),
  backslashes: upTo('\\"'),
  colons: upTo('a:'),
  'half of a web token': upTo('eyJ'),
  'web tokens without a dot': upTo('eyJhbGciOi-'),
  'key files without an end': upTo('-----BEGIN PRIVATE KEY-----A'),
  passwords: upTo('password='),
  'passwords that begin alike': alike((place) => `password=aaaaaa${place} `),
  'passwords of many lengths': alike((place) => `password=aaaaaa${'b'.repeat(place % 400)}! `),
  'passwords without a value': upTo('password"   '),
  'names of secrets': upTo('secret-'),
  cookies: upTo('cookie: a '),
  bearers: upTo('bearer '),
  schemes: upTo('http://a'),
  'schemes and users': upTo('a://b:c'),
  manifests: `kind: Secret ${upTo('\ndata: aaaaaaaa, ')}`,
  'tokens of a service': upTo('ghp_'),
  'installation tokens': upTo(`ghs_1_${'a'.repeat(900)}.${'ghs_1_'.repeat(1_600)} `),
  'parts of a key': upTo(`SG.a.${'a'.repeat(300)} `),
  accounts: upTo('DE89 3704 '),
  telephones: upTo('+1 2 3 '),
  'network addresses': upTo('1.1.'),
  'long network addresses': upTo('a:'),
  'look-alike tokens': upTo('<EMAIL_1>'),
  cuts: upTo('…'),
};

/** What logs mostly are, with something to mask now and then. */
export function ordinaryLines(bytes: number): string[] {
  const lines: string[] = [];
  let size = 0;
  for (let place = 0; size < bytes; place++) {
    const line =
      place % 50 === 0
        ? `2026-03-01T10:00:${String(place % 60).padStart(2, '0')}Z WARN login failed user=jo${place}@shop.example from 10.0.3.7 password=hunter${place}!`
        : `2026-03-01T10:00:${String(place % 60).padStart(2, '0')}Z INFO checkout-7d9f8b6c5-x2x9z request id=${(place * 2654435761).toString(16)} path=/cart/${place} status=200 latency=${place % 300}ms upstream=payments.shop.svc:8080`;
    lines.push(line);
    size += Buffer.byteLength(line);
  }
  return lines;
}
