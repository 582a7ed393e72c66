import { isPlain, secrecyOf } from './secret-names.ts';
import type { TextPart } from './text-part.ts';

/** A shape, and what a text must hold for it to be looked for: most hold none of these, and a search for words is quick. */
type Shape = readonly [holds: RegExp, shape: RegExp];

/** What is a credential by its own look; of each the first group, or the whole. Every repetition has a bound: texts are hostile. */
const SHAPES: readonly Shape[] = [
  [/bearer|basic|negotiate/i, /\b(?:bearer|basic|negotiate)[ \t]{1,3}([\w.~+/=-]{6,8192})/dgi],
  // Before the last @ of an address: nobody who writes a password into one escapes what RFC 3986, section 3.2.1 asks for.
  [/:\/\//, /\w:\/\/([^\s/@"'<>]{1,512})@/dg],
  [/:\/\//, /\w:\/\/([^\s/:@"'<>]{0,256}:(?!\d{1,5}(?:[/?#]|$))[^\s"'<>]{1,512})@/dg],
  // One that was cut before it.
  [/:\/\/.*…$/, /\w:\/\/([^\s/:@"'<>]{0,256}:(?!\d{1,5}(?:[/?#…]|$))[^\s"'<>@/]{1,512}…)$/dg],
  // `user:password@tcp(host)/name`, as Go's drivers take it.
  [/@(?:tcp|unix|udp)\(/, /(?<![^\s"'=])([^\s:@"'=]{1,128}:[^\s"']{1,256})@(?:tcp|unix|udp)\(/dg],
  [/eyJ/, /(?<![\w.-])eyJ[\w-]{8,8192}\.[\w-]{8,8192}(?:\.[\w-]{0,8192})?/g],
  // Hashes of crypt(3), and tokens that say by their beginning whose they are.
  [/\$/, /\$(?:apr1|2[abxy]?|5|6|y|argon2\w{0,2})\$[\w./$=,+-]{8,512}/g],
  [
    /gh[opusr]_|_pat_|glpat-|xox|sk-|AKIA|ASIA|AIza|hvs\.|dop_v1_|npm_|SG\./,
    /\b(?:gh[opusr]_|github_pat_|glpat-|xox[abprs]-|sk-(?:ant-|proj-)?|AKIA|ASIA|AIza|hvs\.|dop_v1_|npm_|SG\.)[\w.-]{12,512}/g,
  ],
  // `curl -u name:password`, `sshpass -p password`, `redis-cli -a password`, `mysql -ppassword`, `stats auth name:password`.
  [/curl/, /\bcurl\b[^\n]{0,512}?[ \t](?:-u|--user)[ =]{0,3}["']?[^\s:"']{1,128}:([^\s"']{1,256})/dg],
  [/sshpass/, /\bsshpass[ \t]{1,3}-p[ \t]{0,3}("[^"\n]{1,256}"|'[^'\n]{1,256}'|[^\s"']{1,256})/dg],
  [/redis-cli/, /\bredis-cli\b[^\n]{0,256}?[ \t]-a[ \t]{1,3}([^\s]{1,256})/dg],
  [/mysql|mariadb/, /\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n]{0,256}?[ \t]-p([^\s]{1,256})/dg],
  [/stats/, /\bstats[ \t]{1,8}auth[ \t]{1,8}[^\s:]{1,128}:([^\s]{1,256})/dg],
  [/identified/i, /\bidentified[ \t]{1,8}by[ \t]{1,8}("[^"\n]{1,256}"|'[^'\n]{1,256}')/dgi],
  [
    /pass|authorization/i,
    /\b(?:passwords?|passphrase|authorization)[ \t]{1,8}("[^"\n]{1,4096}"|'[^'\n]{1,4096}')/dgi,
  ],
];

/** `define('DB_PASSWORD', 'x')` and its like. */
const CALLED = /\(\s{0,3}["']([\w.-]{1,100})["']\s{0,3},\s{0,3}("[^"\n]{1,4096}"|'[^'\n]{1,4096}')/dg;
const ELEMENT =
  /<([\w:.-]{1,100})(?:\s[^<>]{0,500})?>(\s{0,80}<!\[CDATA\[[\s\S]{0,4096}?\]\]>|[^<]{1,8192})<\//dg;
/** `<entry key="db.password">x</entry>` and `<property name="db.password" value="x"/>`. */
const NAMED_ELEMENT = /<[\w:.-]{1,100}\s([^<>]{1,1000})>([^<]{0,8192})/dg;
const NAME_ATTRIBUTE = /\b(?:name|key|id)\s{0,3}=\s{0,3}["']([\w.-]{1,100})["']/;
const VALUE_ATTRIBUTE = /\bvalue\s{0,3}=\s{0,3}("[^"]{1,4096}"|'[^']{1,4096}')/d;
/** `<name>x.password</name> <value>x</value>`, as Hadoop has it. */
const NAME_THEN_VALUE =
  /<(?:name|key)>\s{0,20}([\w.-]{1,100})\s{0,20}<\/(?:name|key)>\s{0,200}<(?:value|string)>([^<]{1,8192})<\//dg;

/** `host:port:database:user:password` as .pgpass has it, and `user:{SHA}hash`. */
const PASSWORD_LINES: readonly Shape[] = [
  // No address of IPv6 is a name of a host.
  [
    /:(?:\d{1,5}|\*):[^:\s]{1,128}:[^:\s]{1,128}:/,
    /(?<![^\s"'=])(?=[^:\s]{0,252}[^0-9a-fA-F:\s])[^:\s]{1,253}:(?:\d{1,5}|\*):[^:\s]{1,128}:[^:\s]{1,128}:([^\n"]{1,512})$/dgm,
  ],
  [/:\{/, /(?<![^\s"'=])[^:\s]{1,128}:(\{[A-Z0-9]{3,8}\}[^\s"]{4,512})/dg],
];

const SECTION = /^[ \t]{0,20}\[{1,2}([\w .":/-]{1,120})\]{1,2}[ \t]{0,20}\r?$/gm;
const SETTING = /^[ \t]{0,20}["']?([\w.-]{1,100})["']?[ \t]{0,20}[=:][ \t]{0,20}([^\r\n]{1,8192})/dgm;

/** What is a credential by its shape or by the element, section or line that it stands in. */
export function secretShapes(text: string): TextPart[] {
  const parts = [...SHAPES.flatMap((shape) => found(text, shape)), ...privateKeys(text)];
  if (text.includes('(')) parts.push(...namedGroups(text, CALLED));
  if (text.includes('</') || text.includes('/>')) parts.push(...inMarkup(text));
  if (text.includes(':')) parts.push(...PASSWORD_LINES.flatMap((line) => found(text, line)));
  if (text.includes('[')) parts.push(...inSections(text));
  return parts;
}

type Indices = RegExpExecArray['indices'];
const groupAt = (indices: Indices, group: number): TextPart | null => {
  const place = indices?.[group];
  return place ? { from: place[0], to: place[1] } : null;
};

const found = (text: string, [holds, shape]: Shape): TextPart[] =>
  holds.test(text)
    ? Array.from(
        text.matchAll(shape),
        (match) => groupAt(match.indices, 1) ?? { from: match.index, to: match.index + match[0].length },
      )
    : [];

/** PEM (RFC 7468): from its first line to its last, or to the end where that is missing. */
function privateKeys(text: string): TextPart[] {
  const parts: TextPart[] = [];
  for (const { index } of text.matchAll(/-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g)) {
    if (index < (parts.at(-1)?.to ?? 0)) continue;
    const end = text.indexOf('-----END', index);
    const close = end < 0 ? -1 : text.indexOf('-----', end + 8);
    parts.push({ from: index, to: close < 0 ? text.length : close + 5 });
  }
  return parts;
}

/** The second group, where the first is a telling name. */
function namedGroups(text: string, shape: RegExp): TextPart[] {
  return [...text.matchAll(shape)].flatMap(({ 1: name = '', 2: value = '', indices }) => {
    const part = groupAt(indices, 2);
    return part !== null && secrecyOf(name) !== null && !isPlain(name, value) ? [part] : [];
  });
}

function inMarkup(text: string): TextPart[] {
  const inElements = [...text.matchAll(NAMED_ELEMENT)].flatMap(
    ({ 1: attributes = '', 2: content = '', indices }) => {
      const name = NAME_ATTRIBUTE.exec(attributes)?.[1] ?? '';
      if (secrecyOf(name) === null) return [];
      const value = groupAt(VALUE_ATTRIBUTE.exec(attributes)?.indices, 1);
      const start = indices?.[1]?.[0] ?? 0;
      const inner = groupAt(indices, 2);
      return [
        ...(value === null ? [] : [{ from: start + value.from, to: start + value.to }]),
        ...(inner === null || isPlain(name, content) ? [] : [inner]),
      ];
    },
  );
  return [...namedGroups(text, ELEMENT), ...namedGroups(text, NAME_THEN_VALUE), ...inElements];
}

/** Every setting of a section that is named like a secret: `[secrets]`. */
function inSections(text: string): TextPart[] {
  const sections = [...text.matchAll(SECTION)];
  return sections.flatMap(({ 0: whole, 1: name = '', index }, at) => {
    if (secrecyOf(name.trim()) !== 'certain' && !/credentials?$/i.test(name.trim())) return [];
    const from = index + whole.length;
    const within = text.slice(from, sections[at + 1]?.index ?? text.length);
    return [...within.matchAll(SETTING)].flatMap(({ 2: value = '', indices }) => {
      const part = groupAt(indices, 2);
      return part === null || isPlain('', value) ? [] : [{ from: from + part.from, to: from + part.to }];
    });
  });
}
