import { markdownText as text } from '../../shared/formats/markdown-text.ts';
import type { Debrief, DebriefLine, Judged, Standing } from '../../shared/vocabulary/drill.ts';
import { inMinutes } from './in-words.ts';

/** A debrief as a file to keep or to hand round. */
export function debriefMarkdown(debrief: Debrief): string {
  const { title, scenario, seed, difficulty, person, endedMs, score, truth } = debrief;
  return [
    `# Debrief: ${text(title)}`,
    `> **Drill** ${text(scenario)}, seed ${seed}, difficulty ${difficulty} of 5. Played by ${text(person)}, ended ${utc(endedMs)} of drill time. Nothing here was real.`,
    `## Score: ${score} of 100`,
    table(
      ['Part', 'Points', 'Why'],
      debrief.parts.map(({ name, points, of, sentence }) => [PARTS[name], `${points} of ${of}`, sentence]),
    ),
    '## Times since the trouble began',
    table(['', 'After'], timeRows(debrief)),
    '## What really happened',
    text(truth.conclusion),
    truth.changes.length === 0
      ? 'No change in the window caused it.'
      : bullets(
          truth.changes.map(({ title: change, at }) =>
            at === null ? text(change) : `${text(change)} (${signed(at)})`,
          ),
        ),
    truth.services.length === 0 ? '' : `Where it was: ${truth.services.map(text).join(', ')}.`,
    truth.helps.length === 0
      ? 'Nothing would have helped but to wait or to call whoever can act.'
      : `What helps:\n\n${bullets(truth.helps.map(text))}`,
    '## What was done',
    judged('Right', debrief.helped, 'Nothing that helps was executed.'),
    judged('Harm', debrief.harm, 'Nothing that was done made it worse.'),
    judged('Wrong causes followed', debrief.chased, 'None.'),
    '## Timeline',
    table(['When', 'What happened', 'What was done'], debrief.timeline.map(row)),
    '## Beside earlier drills',
    `All drills of ${text(person)}: ${standing(debrief.comparison.all)}`,
    `This scenario: ${standing(debrief.comparison.sameScenario)}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

const PARTS: Record<Debrief['parts'][number]['name'], string> = {
  cause: 'Found the cause',
  speed: 'Speed',
  mitigation: 'Mitigation',
  harm: 'No harm',
  decoys: 'No decoys',
};

const timeRows = ({ times, truth }: Debrief): string[][] => [
  ['Detected', after(times.detect, 'not detected')],
  ['First correct hypothesis', after(times.cause, 'never')],
  ['It stood first', after(times.causeFirst, 'never')],
  ['Mitigated', after(times.mitigation, truth.helps.length === 0 ? 'nothing was to be done' : 'never')],
];

const after = (ms: number | null, none: string) => (ms === null ? none : signed(ms));
const signed = (ms: number) => (ms < 0 ? `${inMinutes(-ms)} before` : inMinutes(ms));

function judged(name: string, all: readonly Judged[], none: string): string {
  if (all.length === 0) return `**${name}:** ${none}`;
  return [
    `**${name}:**`,
    bullets(all.map(({ at, title, sentence }) => `${signed(at)}: ${text(title)}. ${text(sentence)}`)),
  ].join('\n\n');
}

const WAS: Record<DebriefLine['was'], string> = {
  plain: '',
  cause: ' (the cause)',
  decoy: ' (harmless)',
  right: ' (right)',
  help: ' (helped)',
  harm: ' (harm)',
};

function row({ at, lane, title, was }: DebriefLine): string[] {
  const said = `${text(title)}${WAS[was]}`;
  return lane === 'world' ? [signed(at), said, ''] : [signed(at), '', said];
}

const standing = ({ earlier, best, median, rank }: Standing): string =>
  earlier === 0
    ? 'the first one.'
    : `rank ${rank} of ${earlier + 1}; best before ${best}, median before ${median}.`;

const bullets = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const utc = (ms: number) => new Date(ms).toISOString().replace('T', ' ').slice(0, 19);
