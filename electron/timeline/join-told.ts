import type { ChangeEvent, Event } from '../../shared/vocabulary/event.ts';
import { toldLabels } from '../../shared/vocabulary/told-change.ts';

/** A pipeline says that it deployed when it is done, a cluster when it began. */
const sameDeployMs = 2 * 60_000;

/**
 * Makes one fact of a change that came both ways: read from the system it was made in, and told by whoever made it. The
 * fact keeps the key it was first known by; what was read stands, and what was told adds who, what and where to look.
 * Pure, and the same whichever came first and however often.
 */
export function joinTold(
  held: readonly Event[],
  arrived: readonly Event[],
): { /** To be stored. */ fresh: Event[] /** Held already, with more known of them. */; fuller: Event[] } {
  const before = new Map(held.filter(isChange).map((change) => [change.key, change]));
  const now = new Map(before);
  /** In the order of arrival: facts, and keys of changes of which more may become known within this delivery. */
  const fresh: (Event | string)[] = [];
  for (const event of arrived) {
    if (!isChange(event)) {
      fresh.push(event);
      continue;
    }
    const known = now.get(event.key) ?? twinOf(event, [...now.values()]);
    if (!known) fresh.push(event.key);
    now.set(known?.key ?? event.key, known ? joined(known, event) : event);
  }
  return {
    fresh: fresh.flatMap((one) => (typeof one === 'string' ? (now.get(one) ?? []) : [one])),
    fuller: [...before].flatMap(([key, change]) => {
      const fuller = now.get(key);
      return fuller && fuller !== change ? [fuller] : [];
    }),
  };
}

/** Of what is held, the changes that a delivery could be about: those of the same keys, and every deploy where one arrived. */
export function concernedBy(
  arrived: readonly Event[],
  held: { change(key: string): ChangeEvent | undefined; deploys(): readonly ChangeEvent[] },
): ChangeEvent[] {
  const changes = arrived.filter(isChange);
  const same = changes.flatMap(({ key }) => held.change(key) ?? []);
  return changes.some(({ change }) => change === 'deploy') ? [...same, ...held.deploys()] : same;
}

const isChange = (event: Event): event is ChangeEvent => event.kind === 'change';
const isTold = ({ labels }: ChangeEvent) => labels?.[toldLabels.event] !== undefined;
const rolloutOf = ({ labels }: ChangeEvent) => labels?.[toldLabels.rollout];

/** The nearest in time that is the same deploy under another key. */
function twinOf(event: ChangeEvent, known: readonly ChangeEvent[]): ChangeEvent | undefined {
  if (event.change !== 'deploy') return undefined;
  return known
    .filter((other) => isSameDeploy(other, event))
    .sort((one, other) => Math.abs(one.atMs - event.atMs) - Math.abs(other.atMs - event.atMs))[0];
}

/**
 * Whether two deploys of different keys are one: of the same service and version, within two minutes. Two that were both
 * read are two, since a cluster numbers its rollouts; so are two whose numbers are known and differ.
 */
export function isSameDeploy(one: ChangeEvent, other: ChangeEvent): boolean {
  if (one.change !== 'deploy' || other.change !== 'deploy') return false;
  const [number, otherNumber] = [numberOf(one), numberOf(other)];
  if (number !== null && otherNumber !== null) return number === otherNumber;
  if (!isTold(one) && !isTold(other)) return false;
  return (
    one.service !== null &&
    one.service === other.service &&
    Math.abs(one.atMs - other.atMs) <= sameDeployMs &&
    agree(one, other, toldLabels.namespace) &&
    agree(one, other, toldLabels.environment) &&
    versionsOf(one).some((version) => versionsOf(other).includes(version))
  );
}

/** `<namespace>/<name>@<revision>`, from the key or from what it was joined with. */
const numberOf = (change: ChangeEvent): string | null =>
  rolloutOf(change) ?? /^deploy:(.+\/.+@\d+)$/.exec(change.key)?.[1] ?? null;

function agree(one: ChangeEvent, other: ChangeEvent, label: string): boolean {
  const [value, otherValue] = [one.labels?.[label], other.labels?.[label]];
  return value === undefined || otherValue === undefined || value === otherValue;
}

/** Everything the deployed version goes by: its number, the digest of its image. */
function versionsOf({ labels, diff = [] }: ChangeEvent): string[] {
  const artifact = labels?.[toldLabels.artifact] ?? '';
  const images = diff.flatMap(({ path, after }) => (path.endsWith('.image') && after ? [after] : []));
  const digests = [artifact.replaceAll(/%3a/gi, ':'), ...images].flatMap(
    (text) => /@(sha256:[0-9a-f]{64})/i.exec(text)?.[1]?.toLowerCase() ?? [],
  );
  const version = labels?.[toldLabels.version]?.replace(/^v(?=\d)/, '');
  return version ? [version, ...digests] : digests;
}

/** The same object where the second adds nothing. */
function joined(known: ChangeEvent, event: ChangeEvent): ChangeEvent {
  // Of two that were both read the first stands, as ever; a delivery that comes again is one of those or adds nothing.
  if (!isTold(known) && !isTold(event)) return known;
  const [read, told] = isTold(known) && !isTold(event) ? [event, known] : [known, event];
  const { [toldLabels.event]: type, [toldLabels.time]: time, ...additions } = told.labels ?? {};
  const own = isTold(read)
    ? { ...(type ? { [toldLabels.event]: type } : {}), ...(time ? { time } : {}) }
    : {};
  const number = known.key === event.key ? undefined : (numberOf(read) ?? numberOf(told) ?? undefined);
  const actor = read.actor ?? told.actor;
  const detail = together(read.detail, told.detail);
  const diff = read.diff ?? told.diff;
  const payload = read.payload ?? told.payload;
  const one: ChangeEvent = {
    ...read,
    key: known.key,
    ...(actor === undefined ? {} : { actor }),
    ...(detail === undefined ? {} : { detail }),
    ...(diff === undefined ? {} : { diff }),
    ...(payload === undefined ? {} : { payload }),
    labels: {
      ...own,
      ...additions,
      ...read.labels,
      ...(number === undefined || known.key === `deploy:${number}` ? {} : { [toldLabels.rollout]: number }),
    },
  };
  return sameFacts(one, known) ? known : one;
}

const mostDetail = 8_000;

function together(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const lines = one.split('\n');
  const more = other.split('\n').filter((line) => !lines.includes(line));
  const all = [...lines, ...more].join('\n');
  return all.length > mostDetail ? one : all;
}

const sameFacts = (one: ChangeEvent, other: ChangeEvent): boolean => sorted(one) === sorted(other);
const sorted = ({ labels = {}, ...rest }: ChangeEvent): string =>
  JSON.stringify([
    Object.entries(rest).sort(([one], [other]) => (one < other ? -1 : 1)),
    Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)),
  ]);
