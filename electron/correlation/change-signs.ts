import type { CaseChange } from '../../shared/formats/case.ts';
import type { ChangeKind } from '../../shared/vocabulary/kinds.ts';
import { type Dose, doseOf } from './dose.ts';
import { channels } from './excess.ts';
import { lagDensity } from './lag.ts';
import { medianPlace } from './onset-profile.ts';
import type { Reading } from './reading.ts';
import { type Reversal, reversalOf } from './reversal.ts';
import type { ServiceCase, Signs } from './service-signs.ts';
import type { NodeShare, Placed } from './shared-node.ts';
import type { Drift } from './slow-drift.ts';
import { weights } from './weights.ts';

/** What is weighed of a change beside the signs of its service. */
export const changeSigns = [
  'delay',
  'at once',
  'after',
  'crowd',
  'a config',
  'a flag',
  'a scaling',
  'an infrastructure change',
  'a traffic shift',
  'cannot show so',
  'shift with demand',
  'other with demand',
  'other with calls',
  'machine with work',
  'machine with others',
] as const;
export type ChangeSign = (typeof changeSigns)[number];

export type ChangeCase = {
  change: CaseChange;
  signs: Signs<ChangeSign>;
  /** From the change to the likeliest onset. */
  leadMs: number;
  /** What that is the onset of. */
  onsetOf: Onset;
  /** What the machine it was made to, its stages and its taking back tell, if there were any. */
  onNode: NodeShare | null;
  dose: Dose | null;
  reversal: Reversal | null;
};

/** The trouble as a whole, that of the change's own service, or of a metric there that has grown for hours. */
export type Onset = { of: 'incident' } | { of: 'service' } | { of: 'drift'; metric: string };

export function changeCases(
  placed: readonly Placed[],
  {
    services,
    drifts,
    reading,
  }: {
    services: ReadonlyMap<string, ServiceCase>;
    drifts: ReadonlyMap<string, Drift>;
    reading: Reading;
  },
): ChangeCase[] {
  const changes = placed.map(({ change }) => change);
  const times = Float64Array.from(changes, ({ at }) => Date.parse(at)).sort();
  const shares = Float64Array.from(services.values(), ({ signs }) => signs['own share']).sort();
  const worst = [...services.values()].find(({ signs, profile }) => signs['most of all'] === 1 && profile);
  const atWorst = worst ? troubleOf(worst, onsetFor(worst, reading)) : null;
  const among = { reading, drifts, changes, atWorst, times, secondShare: shares.at(-2) ?? 0 };
  return placed.map((one) => changeCase(one, services.get(one.change.service), among));
}

type Among = {
  reading: Reading;
  drifts: ReadonlyMap<string, Drift>;
  changes: readonly CaseChange[];
  /** The trouble of the service that shows most of it: what a change at a quiet service would have to explain. */
  atWorst: Trouble | null;
  times: Float64Array;
  secondShare: number;
};

type Trouble = { residual: Float64Array; beganMs: number };

function changeCase(
  { change, onNode }: Placed,
  service: ServiceCase | undefined,
  { reading, drifts, changes, atWorst, times, secondShare }: Among,
): ChangeCase {
  const atMs = Date.parse(change.at);
  // What grows at a service that is otherwise in order is another story.
  const drift = reading.excesses.has(change.service) ? drifts.get(change.service) : undefined;
  const onset = drift ? ofDrift(drift) : onsetFor(service, reading);
  const trouble = troubleOf(service, onset) ?? atWorst;
  const { density, after, leadMs } = delayOf(atMs, onset);
  const { kind } = change;
  const strength = (channel: (typeof channels)[number]): number => service?.signs[`${channel} strength`] ?? 0;
  const demand = strength('demand');
  const calls = strength('calls');
  const isMachine = kind === 'scale' || kind === 'infrastructure';
  return {
    change,
    onNode,
    leadMs,
    onsetOf: onset.onsetOf,
    dose: doseOf(change, changes, trouble && { ...trouble, from: reading.searchFrom }, reading.grid),
    reversal: reversalOf(change, changes, trouble, reading.grid),
    signs: {
      delay: Math.log(density),
      'at once': Math.max(0, Math.log(density) - weights.lag.atOnce),
      after,
      crowd: crowdAt(atMs, times),
      'a config': Number(kind === 'config'),
      'a flag': Number(kind === 'flag'),
      'a scaling': Number(kind === 'scale'),
      'an infrastructure change': Number(kind === 'infrastructure'),
      'a traffic shift': Number(kind === 'traffic'),
      'cannot show so': channels.reduce(
        (sum, channel) => sum + strength(channel) * (1 - can[kind][channel]),
        0,
      ),
      'shift with demand': kind === 'traffic' ? demand : 0,
      'other with demand': kind === 'traffic' ? 0 : demand,
      'other with calls': kind === 'deploy' || kind === 'flag' ? 0 : calls,
      'machine with work': isMachine ? strength('work') : 0,
      // A machine is under several services at once, and the change names one of them.
      'machine with others':
        kind === 'infrastructure' ? secondShare * (1 - (service?.signs['own share'] ?? 0)) : 0,
    },
  };
}

/** What a kind of change can bring about by itself: code does anything, a scaling only changes how much there is to work with. */
const can: Record<ChangeKind, Record<(typeof channels)[number], number>> = {
  deploy: { latency: 1, errors: 1, work: 1, memory: 1, calls: 1, demand: 0 },
  config: { latency: 1, errors: 1, work: 1, memory: 1, calls: 0, demand: 0 },
  flag: { latency: 1, errors: 1, work: 1, memory: 0.5, calls: 1, demand: 0 },
  scale: { latency: 0.7, errors: 0.7, work: 1, memory: 0.5, calls: 0, demand: 0 },
  infrastructure: { latency: 1, errors: 0.7, work: 1, memory: 0.5, calls: 0, demand: 0 },
  traffic: { latency: 0.3, errors: 0.3, work: 0, memory: 0, calls: 0, demand: 1 },
};

/** Likelihoods of an onset, one a step; the step that it was measured in tells how surely. */
type Dated = {
  firstMs: number;
  stepMs: number;
  likely: Float64Array;
  measuredMs: number;
  onsetOf: Onset;
};

/** The onsets that are likely: its own service's where that is known, else the incident's. */
function onsetFor(service: ServiceCase | undefined, { grid, incidentMs }: Reading): Dated {
  const measuredMs = grid.stepMs;
  const profile = service?.profile;
  if (profile) {
    const { first, likely } = profile;
    const firstMs = grid.fromMs + first * grid.stepMs;
    const blurred = blurredOnset(likely, grid.stepMs);
    return { firstMs, stepMs: grid.stepMs, likely: blurred, measuredMs, onsetOf: { of: 'service' } };
  }
  const firstMs = incidentMs + AROUND_FROM_MS;
  return {
    firstMs,
    stepMs: AROUND_STEP_MS,
    likely: aroundIncident,
    measuredMs,
    onsetOf: { of: 'incident' },
  };
}

const ofDrift = ({ metric, ...dated }: Drift): Dated => ({
  ...dated,
  measuredMs: dated.stepMs,
  onsetOf: { of: 'drift', metric },
});

/** The clearest thing that is out of order at a service, and since when; null where nothing clearly is. */
function troubleOf(service: ServiceCase | undefined, { firstMs, stepMs, likely }: Dated): Trouble | null {
  const clearest = service?.profile
    ? service.excesses.find(({ channel }) => channel !== 'memory')
    : undefined;
  if (!clearest || clearest.strength < weights.own.clearAt) return null;
  return { residual: clearest.residual, beganMs: firstMs + medianPlace({ first: 0, likely }) * stepMs };
}

/** The likelihood of the delay over all onsets that are likely. */
function delayOf(atMs: number, { firstMs, stepMs, likely, measuredMs }: Dated) {
  const uncertaintyMs = measuredMs / 2 + weights.lag.sureMs;
  let density = 0;
  let after = 0;
  let leadMs = 0;
  for (let at = 0; at < likely.length; at += 1) {
    const probable = likely[at] ?? 0;
    const lead = firstMs + at * stepMs - atMs;
    density += probable * lagDensity(lead, uncertaintyMs);
    if (lead < -uncertaintyMs) after += probable;
    leadMs += probable * lead;
  }
  return { density, after, leadMs };
}

/**
 * Steps and straight ramps are not all the shapes that trouble has: a profile of those is surer of its minute than it may
 * be, and would acquit a change that came a little after. So a part of each likelihood goes to the places around it.
 */
function blurredOnset(likely: Float64Array, stepMs: number): Float64Array {
  const { share, reachMs } = weights.onsetProfile.blur;
  const keep = Math.exp(-1 / Math.max(1, reachMs / stepMs));
  const around = likely.slice();
  for (const [from, step] of [
    [0, 1],
    [likely.length - 1, -1],
  ] as const) {
    let passed = 0;
    for (let at = from; at >= 0 && at < likely.length; at += step) {
      around[at] = (around[at] ?? 0) + passed;
      passed = keep * (passed + (likely[at] ?? 0));
    }
  }
  const even = sharesOf(around);
  return likely.map((one, at) => (1 - share) * one + share * (even[at] ?? 0));
}

/** Where a service shows nothing its effect began some time before the incident was felt, or a little later. */
const AROUND_FROM_MS = -20 * 60_000;
const AROUND_STEP_MS = 60_000;
const aroundIncident = sharesOf(Array.from({ length: 26 }, (_, at) => Math.exp(-Math.abs(at - 20) / 6)));

function sharesOf(values: ArrayLike<number>): Float64Array {
  let total = 0;
  for (let at = 0; at < values.length; at += 1) total += values[at] ?? 0;
  return Float64Array.from(values, (one) => one / total);
}

/** How many other changes came at about the same time, against an even spread: where many do, to be near says little. */
function crowdAt(atMs: number, times: Float64Array): number {
  const { crowdMs, leastSpanMs } = weights.signs;
  const spanMs = Math.max(leastSpanMs, (times.at(-1) ?? 0) - (times[0] ?? 0));
  let near = -1;
  for (const other of times) near += Math.exp(-Math.abs(other - atMs) / crowdMs);
  return Math.log(((Math.max(0, near) / (2 * crowdMs) + 1 / spanMs) * spanMs) / times.length);
}
