/**
 * The summary of a bundle as one HTML page for people: what happened, what was decided, and how to check it. It proves
 * nothing; the entries beside it do. Telemetry and model text in it is inert: escaped, without script, style of its own,
 * links or loads, and with the characters that reorder or hide text made visible. Pure.
 */
import type { LedgerEntry } from '../entry.ts';
import { gistOf } from '../search/why.ts';

export type SummaryHead = { origin: string; size: number; rootHex: string; checkpoint: string };

export type SummaryFrame = {
  head: SummaryHead;
  /** What was chosen: undefined for all. `to` is exclusive. */
  incident?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
  /** One line for each key, in order. */
  keys: readonly string[];
  /** Sizes of the earlier heads that are proven to be a beginning of this log. */
  consistentSince: readonly number[];
  hasPage: boolean;
};

/** A page longer than this is not read by anybody; `entries.jsonl` holds everything. */
const MOST_ROWS = 2000;
const MOST_DECISIVE = 500;
const LONGEST_TEXT = 400;
const DECISIVE: ReadonlySet<LedgerEntry['kind']> = new Set([
  'decision',
  'result',
  'outcome',
  'stop',
  'stop.lifted',
  'breaker',
  'breaker.closed',
]);

/** Takes the entries of a bundle one by one, in order, in bounded memory. */
export function bundleSummary() {
  const rows: string[] = [];
  const decisive: string[] = [];
  let entries = 0;
  let firstAt = '';
  let lastAt = '';

  function add(entry: LedgerEntry): void {
    entries += 1;
    firstAt ||= entry.at;
    lastAt = entry.at;
    if (DECISIVE.has(entry.kind) && decisive.length < MOST_DECISIVE) decisive.push(row(entry));
    if (rows.length < MOST_ROWS) rows.push(row(entry));
  }

  function page(frame: SummaryFrame): string {
    const { head, incident, keys, consistentSince, hasPage } = frame;
    const subject = incident === undefined ? 'the log' : `incident ${incident}`;
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Record of ${inert(subject)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Record of ${inert(subject)}</h1>
<p>${inert(countOf(entries))}${entries > 0 ? `, from ${inert(firstAt)} to ${inert(lastAt)}` : ''}. ${inert(extentOf(frame))}</p>
<p class="caution">This page is for reading. What it says is proven only by the files beside it: check them before you rely on it.</p>
<h2>Decisions and what came of them</h2>
${table('Decisions', decisive, 'Nothing was decided in these entries.')}
${decisive.length === MOST_DECISIVE ? `<p>Only the first ${MOST_DECISIVE} are shown.</p>` : ''}
<h2>Everything in order</h2>
${table('All entries', rows, 'There are no entries.')}
${entries > rows.length ? `<p>Only the first ${rows.length} of ${entries} are shown; <code>entries.jsonl</code> holds them all.</p>` : ''}
<h2>The signed head</h2>
<dl>
<dt>Log</dt><dd><code>${inert(head.origin)}</code></dd>
<dt>Entries signed</dt><dd>${head.size}</dd>
<dt>Root (SHA-256)</dt><dd><code>${inert(head.rootHex)}</code></dd>
<dt>Key${keys.length > 1 ? 's, the last one current' : ''}</dt>${keys.map((key) => `<dd><code>${inert(key)}</code></dd>`).join('')}
${consistentSince.length > 0 ? `<dt>Shown to extend the heads of</dt><dd>${consistentSince.join(', ')} entries</dd>` : ''}
</dl>
<pre>${inert(head.checkpoint, Number.POSITIVE_INFINITY)}</pre>
<h2>How to check this</h2>
<ol>
${hasPage ? '<li>Open <code>verify.html</code> in a browser and give it this folder. It needs no network; a copy of that page from elsewhere is better than the one that came along.</li>' : ''}
<li>Or run <code>countersign ledger verify</code> on this folder.</li>
<li>Or use tools of your own: <code>sha256sum -c SHA256SUMS</code> shows damage in transit, and <code>checkpoint</code>, <code>public-key</code>, the <code>.tlog-proof</code> and the <code>consistency</code> files are in the public formats of C2SP.</li>
<li>Compare the root above with a head that you hold from elsewhere, such as a report, a chat message or a witness. Only that shows that nothing was cut off behind it and that this is the log you know.</li>
</ol>
</main>
</body>
</html>
`;
  }

  return { add, page };
}

const countOf = (entries: number): string => (entries === 1 ? 'One entry' : `${entries} entries`);

function extentOf({ head, incident, from, to }: SummaryFrame): string {
  if (incident === undefined && from === undefined && to === undefined) {
    return `They are all that is signed of the log.`;
  }
  const range =
    from === undefined && to === undefined ? '' : ` from place ${from ?? 0} up to ${(to ?? head.size) - 1}`;
  const about = incident === undefined ? '' : ' about this incident';
  return `They are those${about}${range} and those that name the keys, out of ${head.size}.`;
}

const table = (title: string, rows: readonly string[], otherwise: string): string =>
  rows.length === 0
    ? `<p>${otherwise}</p>`
    : `<div class="wide" tabindex="0" role="region" aria-label="${title}"><table><thead><tr><th scope="col">Place</th><th scope="col">Time</th><th scope="col">What</th><th scope="col">Who</th><th scope="col">Said</th></tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table></div>`;

function row(entry: LedgerEntry): string {
  const { seq, at, kind, incident, actor, body } = entry;
  const said = Object.entries(body)
    .filter(([name]) => !UNREADABLE.has(name))
    .map(([name, value]) => `<div><b>${inert(name, 80)}</b> <bdi>${inert(textOf(value))}</bdi></div>`);
  const about = incident === undefined ? '' : `<div class="about">${inert(incident)}</div>`;
  const cells = [
    String(seq),
    inert(at),
    `${inert(kind)}${about}`,
    `<bdi>${inert(actor.name)}</bdi> (${inert(actor.kind)})`,
    `<bdi>${inert(gistOf(entry))}</bdi><details><summary>All it says</summary>${said.slice(0, MOST_MEMBERS).join('')}</details>`,
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

const MOST_MEMBERS = 20;
/** Of use to a verifier only. */
const UNREADABLE: ReadonlySet<string> = new Set(['signature', 'signatures', 'publicKey']);

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

/** Text that can only be read. Characters that reorder, hide or end lines stand as their number instead. */
export function inert(text: string, longest = LONGEST_TEXT): string {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return short
    .toWellFormed()
    .replace(
      HIDDEN,
      (character) => `‹U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}›`,
    )
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Control and format characters (which turn text around or take no room), but for the newline. */
const HIDDEN = /[^\P{C}\n]|[\u2028\u2029]/gu;

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.5rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
.caution { border-left: 4px solid #b26a00; padding-left: 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #8886; overflow-wrap: anywhere; }
th, td:not(:last-child) { overflow-wrap: normal; } td:first-child { font-variant-numeric: tabular-nums; } td:nth-child(2), td:nth-child(3) { white-space: nowrap; }
summary { cursor: pointer; opacity: .8; }
td div { white-space: pre-wrap; } .about { opacity: .75; }
code, pre { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
pre { padding: 1rem; border: 1px solid #8886; white-space: pre-wrap; }
dt { font-weight: 600; margin-top: .5rem; } dd { margin: 0; }
`;
