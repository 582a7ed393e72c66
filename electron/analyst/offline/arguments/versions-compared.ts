import { moveInWords } from '../../../../shared/formats/measure.ts';
import type { Evidence } from '../../../../shared/vocabulary/hypothesis.ts';
import { asMembers, asText, evidence } from '../evidence.ts';
import { jumpIn, jumpOf } from '../jump.ts';
import { revisionOf } from '../revision-of.ts';
import type { Candidate, Metrics, WhatWasRead } from '../what-was-read.ts';
import type { Argument, ArgumentOf } from './argument.ts';

/** The factor of the ranking that compares what a change brought with the rest of its service. */
const COHORT = 'cohort';
const BLAMES_ABOVE = 0.6;
const CLEARS_BELOW = 0.4;
/** A version begins to be bad at this share of the way to its worst. */
const SHOWS = 0.06;
/** Below this many samples in which both served while it went wrong, a comparison of versions says nothing. */
const LEAST_TOGETHER = 4;
/** The version before went bad as well when it got this share of the way that the new one went, this soon. */
const AS_WELL = 0.2;
const TOGETHER_MS = 45_000;
/** The version before stayed calm when it rose by no more than this share of the new one. */
const CALM = 0.05;
/** What a release gains when it alone went bad, where the ranking could not tell. */
const BAD_ALONE = 6;
/** What is left of a release beside which the version before went bad. */
const BESIDE_IT = 0.3;

type Series = Metrics['series'][number];

/**
 * Looks at the samples behind a comparison of versions. Where the version before had gone when trouble began, or went bad in
 * the same minute, the comparison is taken back: from the release that it blames, and from what it clears on the service.
 */
export const versionsCompared: ArgumentOf = (change, read) => {
  const metrics = read.metrics.get(change.service);
  const release = newestRelease(change, read);
  const version = release ? versionsOf(release, read) : null;
  if (!metrics || !release || !version) return null;
  const doubt = wentBadToo(metrics, version, change.id) ?? servedApart(metrics, version, change);
  const cohort = change.factors.find(({ name }) => name === COHORT)?.value ?? 0.5;
  if (!doubt) {
    const isOpen = change.id === release.id && cohort >= CLEARS_BELOW && cohort <= BLAMES_ABOVE;
    return isOpen ? badAlone(metrics, version, change) : null;
  }
  const isIt = change.id === release.id;
  const isBlamed = cohort > BLAMES_ABOVE;
  // That both went bad clears the release as well as the ranking's own comparison can.
  const isTakenBack = isBlamed || (cohort < CLEARS_BELOW && !(isIt && doubt.isInnocent));
  const back = isTakenBack ? (1 - cohort) / cohort : 1;
  const times = back * (isIt && doubt.isInnocent && cohort >= CLEARS_BELOW ? BESIDE_IT : 1);
  return times === 1 ? null : ({ times, evidence: doubt.evidence } satisfies Argument);
};

type Versions = { now: string; before: string };
type Doubt = { evidence: Evidence; isInnocent: boolean };

/** The release of this service that the ranking compared, or the change itself when it is one. */
function newestRelease(change: Candidate, { candidates }: WhatWasRead): Candidate | undefined {
  const releases = candidates?.changes.filter(
    ({ service, kind }) => service === change.service && kind === 'deploy',
  );
  const blamed = releases?.find(({ factors }) =>
    factors.some(({ name, value }) => name === COHORT && value > BLAMES_ABOVE),
  );
  return blamed ?? (change.kind === 'deploy' ? change : undefined);
}

/** Which version a rollout brought and which it replaced, as its own difference tells. */
function versionsOf(release: Candidate, { rollouts }: WhatWasRead): Versions | null {
  const diff = revisionOf(release, rollouts.get(release.service))?.diff;
  const label = diff?.find(({ path }) => path === 'labels.version');
  return label?.after && label.before ? { now: label.after, before: label.before } : null;
}

/** A new version is not what made the one before bad in the same minute. */
function wentBadToo({ series, ...cited }: Metrics, { now, before }: Versions, change: string): Doubt | null {
  for (const mine of series.filter(({ version }) => version === now)) {
    const old = series.find(({ version, name }) => version === before && name === mine.name);
    const own = old ? jumpIn({ ...mine, before: old.before }) : null;
    const other = old ? jumpIn(old) : null;
    if (!old || !own || !other || Math.abs(own.atMs - other.atMs) > TOGETHER_MS) continue;
    if (risen(old) < AS_WELL * risen({ ...mine, before: old.before })) continue;
    const [evidenceOfIt] = evidence(
      `Version ${before} went bad in the same minute as ${now}: ${old.name} there from ${moveInWords(old.before, worstOf(old), old.unit)}`,
      cited,
      [JSON.stringify(other.point), asMembers({ version: before })],
      [change],
    );
    if (evidenceOfIt) return { evidence: evidenceOfIt, isInnocent: true };
  }
  return null;
}

/** In how few samples the new version was bad already while the one before still answered. */
function servedApart(
  { series, ...cited }: Metrics,
  { now, before }: Versions,
  { id }: Candidate,
): Doubt | null {
  // A new version is slow while it warms up, which says nothing of requests that fail later.
  const symptom = jumpOf({ series })?.series.name;
  const pairs = series
    .filter(({ version, name }) => version === now && name === symptom)
    .flatMap((mine) => {
      const old = series.find(({ version, name }) => version === before && name === mine.name);
      const began = old && jumpIn({ ...mine, before: old.before }, SHOWS);
      return old && began ? [{ mine, old, began }] : [];
    });
  const together = pairs.map(({ mine, old, began }) => {
    const answered = new Set(old.points.flatMap(([at, value]) => (value === null ? [] : [at])));
    return mine.points.filter(
      ([at, value]) => value !== null && Date.parse(at) >= began.atMs && answered.has(at),
    ).length;
  });
  const samples = Math.max(0, ...together);
  if (pairs.length === 0 || samples >= LEAST_TOGETHER) return null;
  const [evidenceOfIt] = evidence(
    `Versions tell nothing apart here: ${now} was bad beside ${before} in ${samples} samples only`,
    cited,
    [asMembers({ version: now }), asText(now)],
    [id],
  );
  return evidenceOfIt ? { evidence: evidenceOfIt, isInnocent: false } : null;
}

/** The new version went bad beside the one before, which did not, for as long as both answered. */
function badAlone(
  { series, ...cited }: Metrics,
  { now, before }: Versions,
  { id }: Candidate,
): Argument | null {
  const symptom = jumpOf({ series })?.series.name;
  const mine = series.find(({ version, name }) => version === now && name === symptom);
  const old = series.find(({ version, name }) => version === before && name === symptom);
  const began = mine && old ? jumpIn({ ...mine, before: old.before }, SHOWS) : null;
  if (!mine || !old || !began || risen(old) > CALM * risen({ ...mine, before: old.before })) return null;
  const answered = old.points.filter(([at, value]) => value !== null && Date.parse(at) >= began.atMs);
  if (answered.length < LEAST_TOGETHER) return null;
  const [cites] = evidence(
    `${symptom} rose on version ${now} while ${before}, which answered beside it, stayed as it was`,
    cited,
    [JSON.stringify(began.point), asMembers({ version: now })],
    [id],
  );
  return cites ? { times: BAD_ALONE, evidence: cites } : null;
}

const worstOf = ({ points }: Series) => points.reduce((most, [, value]) => Math.max(most, value ?? 0), 0);
const risen = (series: Series) => worstOf(series) - (series.before ?? 0);
