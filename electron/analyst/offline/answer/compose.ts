import { measureInWords } from '../../../../shared/formats/measure.ts';
import type { AnswerLine } from '../../../../shared/vocabulary/analyst.ts';
import { counted, line, listed, onService, percent, type Words } from './in-words.ts';
import type { QuestionForm } from './question-form.ts';
import type { Events, Past, Ranking, ReadEvent, Series } from './readings.ts';

/** What was read to answer a question; what could not be read is absent. */
export type Material = {
  words: Words;
  services: readonly string[];
  ranking: Ranking | undefined;
  latest: Events | undefined;
  /** In the order they were asked for. */
  events: readonly Events[];
  series: Series | undefined;
  past: Past | undefined;
};

const MOST_CAUSES = 3;
const MOST_SIGNALS = 5;

/** The sentences that answer a question of one form, each with what it rests on. */
export function compose(form: QuestionForm, material: Material): AnswerLine[] {
  switch (form.form) {
    case 'changed':
      return changed(form, material);
    case 'happened':
    case 'signals':
      return happened(form, material);
    case 'decided':
      return decided(form.answer, material);
    case 'tried':
      return tried(material);
    case 'notes':
      return notes(form, material);
    case 'health':
      return health(form.service, material);
    case 'onset':
      return onset(material);
    case 'cause':
      return causes(form.service, material);
    case 'past':
      return past(material);
    case 'unknown':
      return unknown(material);
    default:
      return form satisfies never;
  }
}

function changed(
  { kind, service, span }: Extract<QuestionForm, { form: 'changed' }>,
  material: Material,
): AnswerLine[] {
  const { words, events, ranking } = material;
  const [asked, before] = events;
  if (!asked) return [NOT_READ];
  const ofKind = ({ sort }: ReadEvent) => kind === null || sort === kind;
  const found = asked.events.filter(ofKind);
  const what = kind === null ? 'change' : `${kind} change`;
  const head = line(
    `${counted(found.length, what)}${onService(service)} on the timeline${words.during(span)}.`,
    asked.read,
  );
  if (found.length > 0) {
    return [
      head,
      ...omitted(asked),
      ...words.eventLines(found, asked.read, (event) => placeIn(ranking, event.key)),
    ];
  }
  const earlier = before?.events.find(ofKind);
  return [
    head,
    ...unknownService(service, material),
    ...(before && earlier
      ? [line('The last one before that:', before.read), ...words.eventLines([earlier], before.read)]
      : []),
    line('What reports nothing to Countersign is not seen.'),
  ];
}

function happened(
  { form, service, span }: Extract<QuestionForm, { form: 'happened' | 'signals' }>,
  material: Material,
): AnswerLine[] {
  const { words, events } = material;
  const [asked] = events;
  if (!asked) return [NOT_READ];
  const what = form === 'signals' ? 'signal' : 'event';
  return [
    line(
      `${counted(asked.events.length, what)}${onService(service)} on the timeline${words.during(span)}.`,
      asked.read,
    ),
    ...(asked.events.length === 0 ? unknownService(service, material) : omitted(asked)),
    ...words.eventLines(asked.events, asked.read),
  ];
}

function decided(answer: 'approved' | 'denied' | null, { words, events }: Material): AnswerLine[] {
  const [records] = events;
  if (!records) return [NOT_READ];
  const decisions = records.events.filter(
    ({ sort, title }) => sort === 'decision' && (answer === null || title.includes(` ${answer}`)),
  );
  const proposals = records.events.filter(({ sort }) => sort === 'proposal');
  const verb = answer ?? 'decided';
  if (decisions.length > 0) {
    return [
      line(`${counted(decisions.length, 'decision')} on record (${words.zone}).`, records.read),
      ...words.eventLines(decisions, records.read),
    ];
  }
  return [
    line(`Nobody has ${verb} anything yet.`, records.read),
    ...(proposals.length > 0
      ? [line('What was proposed:', records.read), ...words.eventLines(proposals, records.read)]
      : []),
  ];
}

function tried({ words, events }: Material): AnswerLine[] {
  const [records] = events;
  if (!records) return [NOT_READ];
  const done = records.events.filter(({ sort }) => TRIED.has(sort));
  const carriedOut = done.some(({ sort }) => sort === 'execution');
  return [
    line(
      carriedOut
        ? `What was decided, carried out and came of it (${words.zone}):`
        : 'Nothing was carried out.',
      records.read,
    ),
    ...words.eventLines(done, records.read),
  ];
}

const TRIED: ReadonlySet<string> = new Set(['decision', 'execution', 'outcome', 'escalation']);

function notes(
  { span }: Extract<QuestionForm, { form: 'notes' }>,
  { words, events }: Material,
): AnswerLine[] {
  const [asked] = events;
  if (!asked) return [NOT_READ];
  return [
    line(`${counted(asked.events.length, 'note')}${words.during(span)}.`, asked.read),
    ...words.eventLines(asked.events, asked.read),
  ];
}

/** What left its normal, whether it came back, and what was reported. */
function health(service: string, material: Material): AnswerLine[] {
  const { words, series, ranking, events } = material;
  const [signals] = events;
  const whole = series?.series.filter(({ version }) => version === null) ?? [];
  const anomalies = ranking?.anomalies.filter((one) => one.service === service && one.version === null) ?? [];
  const measured = whole.map((one) => {
    const anomaly = anomalies.find(({ metric }) => metric === one.name);
    const isOff = anomaly !== undefined && isStillOff(anomaly, one.now);
    return { ...one, anomaly, isOff };
  });
  const off = measured.filter(({ isOff }) => isOff);
  const back = measured.filter(({ anomaly, isOff }) => anomaly && !isOff);
  const reads = [series?.read, ranking?.read].filter((read) => read !== undefined);
  const verdict =
    whole.length === 0
      ? `Whether ${service} is healthy cannot be told: no metrics of it could be read.`
      : off.length > 0
        ? `${service} does not look healthy: ${listed(off.map(({ name }) => name))} left its normal and has not come back.`
        : back.length > 0
          ? `${service} looks healthy again: ${listed(back.map(({ name }) => name))} left its normal and came back.`
          : `${service} looks healthy: none of its ${whole.length} metrics left its normal.`;
  return [
    line(verdict, ...reads),
    ...unknownService(whole.length === 0 ? service : null, material),
    ...measured.map(({ name, unit, before, now, anomaly }) =>
      line(
        `${name}: ${measureInWords(before, unit)} before, ${measureInWords(now, unit)} now` +
          (anomaly ? `, off since ${words.time(Date.parse(anomaly.onset))} (${words.zone})` : ''),
        ...(series ? [series.read] : []),
      ),
    ),
    ...(signals && signals.events.length > 0
      ? [
          line(`${counted(signals.events.length, 'signal')} on ${service}, the latest:`, signals.read),
          ...words.eventLines(signals.events.slice(0, MOST_SIGNALS), signals.read),
        ]
      : []),
  ];
}

/** Less than a third of the way from normal to the worst is back. */
function isStillOff({ baseline, observed }: Ranking['anomalies'][number], now: number | null): boolean {
  return now === null || Math.abs(now - baseline) > Math.abs(observed - baseline) / 3;
}

function onset({ words, ranking, events }: Material): AnswerLine[] {
  if (!ranking) return [NOT_READ];
  if (ranking.onset === null)
    return [
      line('No credible onset was found in the metrics.', ranking.read),
      ...firstSignals(words, events[0]),
    ];
  const beganMs = Date.parse(ranking.onset);
  const first = ranking.anomalies
    .filter(({ version }) => version === null)
    .sort((a, b) => Date.parse(a.onset) - Date.parse(b.onset))[0];
  return [
    line(`The trouble began about ${words.time(beganMs)} (${words.zone}).`, ranking.read),
    ...(first ? [line(`First to leave its normal: ${first.sentence}`, ranking.read)] : []),
    ...firstSignals(words, events[0]),
  ];
}

/** Only where the first ones were read. */
function firstSignals(words: Words, signals: Events | undefined): AnswerLine[] {
  if (!signals || signals.events.length === 0 || signals.omitted > 0) return [];
  const first = [...signals.events].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).slice(0, 2);
  return [line('First signals:', signals.read), ...words.eventLines(first, signals.read)];
}

function causes(service: string | null, material: Material): AnswerLine[] {
  const { ranking, words } = material;
  if (!ranking) return [NOT_READ];
  const known = service !== null && material.services.includes(service);
  const candidates = ranking.changes.filter((change) => !known || change.service === service);
  const shown = candidates.slice(0, MOST_CAUSES);
  return [
    line(
      `${counted(ranking.total, 'change')} in the window, ${ranking.worthReading} worth reading; ${percent(ranking.novelty)} that the cause is none of them.`,
      ranking.read,
    ),
    ...shown.map(({ id, title, service: of, at, score, reasons }) => ({
      sentence:
        `${title} on ${of}, ${words.time(Date.parse(at))} (${words.zone}), score ${measureInWords(score, '')}: ${reasons.slice(0, 2).join('; ')}`.slice(
          0,
          1_000,
        ),
      events: [id],
      reads: [ranking.read],
    })),
    ...(shown.length === 0 ? [line(`None of them is${onService(service)}.`, ranking.read)] : []),
    line('A candidate is not a cause: what would disprove it stands with each hypothesis.', ranking.read),
  ];
}

function past({ past: remembered, words }: Material): AnswerLine[] {
  if (!remembered) return [NOT_READ];
  const { read, incidents } = remembered;
  const [nearest, ...others] = incidents;
  if (!nearest) {
    return [
      line(
        remembered.remembered === 0
          ? 'No earlier incident is remembered, so there is nothing to compare with.'
          : `None of ${remembered.remembered} remembered incidents is like this one.`,
        read,
      ),
    ];
  }
  const difference = (what: string, terms: readonly string[]) =>
    terms.length === 0 ? [] : [line(`${what}: ${listed(terms, 12)}.`, read)];
  return [
    line(
      `Nearest of ${remembered.remembered} remembered: “${nearest.title}”, closed ${words.time(Date.parse(nearest.closed))} (${words.zone}), ${percent(nearest.similarity ?? 0)} alike.`,
      read,
    ),
    ...difference('Alike', nearest.alike),
    ...difference('Only now', nearest.onlyNow),
    ...difference('Only then', nearest.onlyThen),
    line(nearest.cause === null ? 'Nobody confirmed its cause.' : `Its cause was: ${nearest.cause}.`, read),
    ...(nearest.helped ? [line(`What helped then: ${nearest.helped}.`, read)] : []),
    ...(nearest.didNotHelp ? [line(`What did not: ${nearest.didNotHelp}.`, read)] : []),
    ...others.map(({ title, similarity }) =>
      line(`Also: “${title}”, ${percent(similarity ?? 0)} alike.`, read),
    ),
  ];
}

function unknown({ events, words }: Material): AnswerLine[] {
  const hit = events.find((one) => one.events.length > 0);
  const found = hit
    ? [
        line(
          `${counted(hit.events.length, 'event')} on the timeline with a word of the question (${words.zone}):`,
          hit.read,
        ),
        ...words.eventLines(hit.events, hit.read),
      ]
    : [];
  return [...found, line(CAN_ANSWER)];
}

/** What the questions are that need no model. */
const CAN_ANSWER =
  'Without a model these can be answered: what changed or happened (on a service, since a time or between two), which ' +
  'alerts fired, whether a service is healthy, when it began, what could have caused it, who approved what, what was ' +
  'tried, what the notes say, and how it differs from past incidents.';

const NOT_READ = line('What the question is about could not be read.');

const omitted = (read: Events): AnswerLine[] =>
  read.omitted > 0 ? [line(`${read.omitted} older ones were not read.`, read.read)] : [];

function unknownService(service: string | null, { services, latest }: Material): AnswerLine[] {
  if (service === null || services.includes(service)) return [];
  const known = services.length === 0 ? 'none' : listed(services);
  return [
    line(`No service ${service} is seen in this incident. Seen: ${known}.`, ...(latest ? [latest.read] : [])),
  ];
}

/** Where a change stands among the candidates, when it stands high. */
function placeIn(ranking: Ranking | undefined, key: string): string {
  const place = ranking?.changes.slice(0, ranking.worthReading).findIndex(({ id }) => id === key) ?? -1;
  return place < 0 ? '' : ` — candidate ${place + 1} of ${ranking?.total}`;
}
