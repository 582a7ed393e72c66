import { confidenceWord } from '../../shared/formats/confidence.ts';
import { markdownText as text } from '../../shared/formats/markdown-text.ts';
import type { Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import type { ReportFacts } from './report-facts.ts';
import { blocks, bullets, code, lasted, utc, utcTime } from './words.ts';

export type HandOverFacts = Pick<
  ReportFacts,
  'incident' | 'events' | 'candidates' | 'hypotheses' | 'proposals' | 'escalations'
> & { nowMs: number; stopped: { by: string; reason: string } | null; breakers: readonly string[] };

/** What the next commander has to know, short enough to be read aloud: from the record alone, with no judgement of its own. */
export function handOver(facts: HandOverFacts): string {
  const { incident, nowMs } = facts;
  return `${blocks(
    `# Hand-over: ${text(incident.title)}`,
    `As of ${utc(nowMs)} UTC.${incident.drill ? ' **A drill: nothing here is real.**' : ''}`,
    section('State', state(facts)),
    section('First hypothesis', firstHypothesis(facts)),
    section('Open now', openNow(facts)),
    section('Tried', tried(facts)),
    section('Do next', next(facts)),
    section('Notes of people', notes(facts)),
  )}\n`;
}

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `## ${title}\n\n${bullets(lines)}`;

function state({ incident, candidates, nowMs, stopped, breakers }: HandOverFacts): string[] {
  const { severity, status, commander, openedMs, closedMs, services } = incident;
  const age = lasted((closedMs ?? nowMs) - openedMs);
  const onsetMs = candidates?.onsetMs ?? null;
  return [
    `${severity.toUpperCase()}, ${status}, commander ${text(commander)}; opened ${utc(openedMs)}, ${closedMs === null ? `${age} ago` : `took ${age}`}.`,
    onsetMs === null ? 'No onset was found.' : `Trouble began about ${utcTime(onsetMs)} (estimated).`,
    `Services: ${services.length === 0 ? 'none named' : text(services.join(', '))}.`,
    ...(candidates
      ? [`${candidates.changes.length} changes ranked, ${candidates.worthReading} worth reading.`]
      : ['Nothing is ranked yet.']),
    ...(stopped ? [`**Stopped** by ${text(stopped.by)}: ${text(stopped.reason)}. Nothing executes.`] : []),
    ...breakers.map((sentence) => `**Breaker open**: ${text(sentence)}`),
  ];
}

function firstHypothesis({ hypotheses }: HandOverFacts): string[] {
  const first = firstOf(hypotheses);
  if (!first) return ['None is stated.'];
  return [
    `${text(first.claim)} (${Math.round(first.confidence * 100)} %, ${confidenceWord(first.confidence)})`,
    ...first.for.slice(0, MOST_LINES).map(({ sentence }) => `For: ${text(sentence)}`),
    ...first.against.slice(0, MOST_LINES).map(({ sentence }) => `Against: ${text(sentence)}`),
    `Disproved by: ${text(first.disprovedBy)}`,
  ];
}

function openNow({ proposals, escalations, nowMs }: HandOverFacts): string[] {
  const told = [
    ...proposals.flatMap((one) => {
      const said = OPEN[one.progress.state];
      return said === undefined ? [] : [`${text(one.title)}: ${said}`];
    }),
    ...escalations
      .filter(({ closed }) => closed === null)
      .map(({ title, openedMs, holders }) => {
        const holder = holders?.at(-1)?.person;
        return `Escalated ${lasted(nowMs - openedMs)} ago, ${holder ? `with ${text(holder)}` : 'taken by nobody'}: ${text(title)}`;
      }),
  ];
  return told.length === 0 ? ['Nothing waits for anybody.'] : told;
}

const OPEN: Partial<Record<Proposal['progress']['state'], string>> = {
  offered: 'waits for a decision',
  approved: 'approved, about to be executed',
  executing: 'is being executed',
  watching: 'executed; its effect is watched',
  unknown: '**unknown whether it was executed**; a person has to find out',
};

function tried({ proposals }: HandOverFacts): string[] {
  const told = proposals.flatMap(({ title, progress }) => {
    switch (progress.state) {
      case 'done':
        return [
          `${text(title)}: ${progress.outcome}${progress.backedOut ? ', then backed out' : ''}. ${text(progress.sentence)}`,
        ];
      case 'failed':
        return [`${text(title)}: failed, nothing changed. ${text(progress.because)}`];
      case 'refused':
        return [
          `${text(title)}: denied by ${text(progress.decision.person)}${progress.decision.reason === '' ? '' : `, ${text(progress.decision.reason)}`}`,
        ];
      case 'denied':
        return [`${text(title)}: denied by the guard`];
      default:
        return [];
    }
  });
  return told.length === 0 ? ['Nothing yet.'] : told;
}

/** In the order of urgency; each follows from what stands above it. */
function next({ incident, candidates, hypotheses, proposals, escalations }: HandOverFacts): string[] {
  const inState = (state: Proposal['progress']['state']) =>
    proposals.filter(({ progress }) => progress.state === state);
  const first = firstOf(hypotheses);
  const worse = proposals.filter(
    ({ progress }) => progress.state === 'done' && progress.outcome === 'worse' && !progress.backedOut,
  );
  const told = [
    ...inState('unknown').map(
      ({ title }) => `Find out whether “${text(title)}” was executed, and say so on its card.`,
    ),
    ...worse.map(
      ({ title, backOutCommand }) =>
        `“${text(title)}” made it worse: back it out (\`${code(backOutCommand)}\`).`,
    ),
    ...escalations
      .filter(({ closed }) => closed === null)
      .map(({ title, recommended }) => `“${text(title)}”: ${text(recommended)}`),
    ...inState('offered').map(({ title }) => `Decide on “${text(title)}”.`),
    ...inState('watching').map(
      ({ title, expectedEffect }) => `Watch “${text(title)}”: ${text(expectedEffect.sentence)}.`,
    ),
    ...(first?.gaps ?? []).slice(0, MOST_LINES).map((gap) => `Not known yet: ${text(gap)}`),
    ...(first || incident.status !== 'open'
      ? []
      : (candidates?.changes ?? [])
          .slice(0, MOST_LINES)
          .map(({ title, service }) => `Read the change “${text(title)}” of ${text(service)}.`)),
  ];
  if (told.length > 0) return told;
  if (incident.status === 'closed') return ['Nothing: it is closed.'];
  return [
    incident.status === 'mitigated'
      ? 'See that it holds, then close the incident with its cause.'
      : 'Gather evidence: nothing on record says what to do.',
  ];
}

function notes({ events }: HandOverFacts): string[] {
  return events
    .filter((event) => event.kind === 'note')
    .slice(-MOST_NOTES)
    .map(({ atMs, title, source }) => `${utcTime(atMs)} ${text(source)}: ${text(title)}`);
}

const MOST_LINES = 3;
const MOST_NOTES = 5;

const firstOf = (hypotheses: readonly Hypothesis[]): Hypothesis | undefined =>
  hypotheses.find(({ rank }) => rank === 1) ?? hypotheses[0];
