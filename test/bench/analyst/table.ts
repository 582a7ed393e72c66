import type { Judged } from './judge.ts';
import { type Summary, summaryOf } from './summary.ts';

const HEAD = [
  'Scenario',
  'Drills',
  'Cause first',
  'in three',
  'Said there is none',
  'Helpful',
  'Harmful',
  'Neither',
  'Undone as it was',
  'Turns',
  'Seconds',
];

/** The results by scenario, as a Markdown table that stands in `docs/` as well. */
export function tableOf(judged: readonly Judged[]): string[] {
  const byScenario = Map.groupBy(judged, ({ scenario }) => scenario);
  const rows = [...byScenario].map(([name, some]) => row(name, summaryOf(some)));
  return [
    line(HEAD),
    line(HEAD.map((_head, index) => (index === 0 ? '---' : '--:'))),
    ...rows,
    row('**all**', summaryOf(judged)),
  ];
}

/** What holds over all drills, in one line each. */
export function linesOf(summary: Summary): string[] {
  return [
    `calibration error ${number(summary.calibrationError)}, Brier ${number(summary.brier)}`,
    `evidence not on record ${summary.notOnRecord}, dropped by code ${summary.dropped}`,
    `proposals denied by the guard ${summary.denied}, calls refused or failed ${summary.refusals}`,
    `blast class as declared ${percent(summary.classHolds)}, tokens ${summary.tokens}`,
  ];
}

const row = (name: string, one: Summary): string =>
  line([
    name,
    String(one.drills),
    percent(one.foundFirst),
    percent(one.foundInThree),
    percent(one.admitted),
    String(one.helpful),
    String(one.harmful),
    String(one.neither),
    percent(one.restored),
    (one.turns / one.drills).toFixed(1),
    (one.medianMs / 1000).toFixed(2),
  ]);

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const percent = (share: number | null): string => (share === null ? '–' : `${Math.round(share * 100)} %`);
const number = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
