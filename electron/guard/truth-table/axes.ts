import type { Envelope } from '../../../shared/formats/envelope.ts';
import type { WhatPoliciesRead } from '../cedar/what-policies-read.ts';
import { plainRequest } from '../plain-request.ts';
import type { Judged } from '../rule.ts';
import { serviceTierOf } from '../service-tier.ts';

/** One thing in which requests differ, and the values at which a verdict can turn. */
export type Axis = { member: AxisMember; values: readonly { says: string; is: unknown }[] };

export type AxisMember = Exclude<keyof typeof plainRequest, 'action' | 'target' | 'windows'> | 'windows';

const UNTIL = { name: 'window', untilMs: 0 };
const clear = plainRequest.windows;
const closed: Judged['windows'] = { ...clear, change: { kind: 'closed', names: ['its windows'] } };

/**
 * The axes of a truth table of one or several envelopes: what the code of the guard tells apart, and for numbers the values
 * around each limit that one of them sets.
 */
export function axesOf(
  envelopes: readonly Envelope[],
  read: WhatPoliciesRead,
): { axes: Axis[]; left: number } {
  const axes = everyAxis(envelopes, read);
  return {
    axes: axes.map(({ member, values }) => ({ member, values: values.slice(0, MOST_VALUES) })),
    left: axes.reduce((sum, { values }) => sum + Math.max(0, values.length - MOST_VALUES), 0),
  };
}

/** Policies may compare with any number of numbers, and each would double the table. */
const MOST_VALUES = 6;

function everyAxis(envelopes: readonly Envelope[], read: WhatPoliciesRead): Axis[] {
  const limits = (of: (envelope: Envelope) => number[], member: string) =>
    around(envelopes.flatMap(of), read.numbers.get(member) ?? []);
  const ranks = envelopes.some(({ tiers }) => tiers.some(({ when }) => when.serviceTierAtMost !== undefined));
  return [
    axis('stop', [
      ['no stop', { stopped: false }],
      ['stopped', { stopped: true, by: 'somebody', reason: 'a reason', atMs: 0 }],
    ]),
    axis('windows', [
      ['no window', clear],
      ['a freeze', { ...clear, freeze: UNTIL }],
      ['a backup window', { ...clear, backup: UNTIL }],
      ['outside every change window', closed],
    ]),
    axis('backupRunning', [
      ['no backup running', null],
      ['a backup running', 'a backup'],
    ]),
    yesOrNo('keepsData', 'keeps data', 'keeps no data'),
    yesOrNo('targetObserved', 'observed', 'not observed'),
    yesOrNo('lastWasWorse', 'the last was worse', 'the last was not worse'),
    axis('analystOverBudget', [
      ['within its budget', null],
      ['over its budget', 'over its budget'],
    ]),
    axis('surplusCredentials', [
      ['no surplus rights', null],
      ['surplus rights', 'surplus rights'],
    ]),
    counts(
      'failuresInARow',
      limits(({ breakers }) => [breakers.failuresInARow], 'context.failuresInARow'),
    ),
    counts(
      'executionsInWindow',
      limits(({ breakers }) => [breakers.executions.most], 'context.executionsInWindow'),
    ),
    counts(
      'denialsInWindow',
      limits(({ breakers }) => [breakers.denials.most], 'context.denialsInWindow'),
    ),
    counts(
      'executionsOnTarget',
      limits(({ limits: one }) => [one.executionsPerTargetAndHour], 'context.executionsOnTarget'),
    ),
    counts(
      'executionsOnService',
      limits(({ limits: one }) => [one.executionsPerServiceAndHour], 'context.executionsOnService'),
    ),
    axis('proposedBy', [
      ['by the analyst', 'analyst'],
      ['by a person', 'person'],
    ]),
    yesOrNo('reversible', 'can be undone', 'cannot be undone'),
    axis('managedBy', [
      ['owned by nobody else', null],
      ['owned by Argo CD', 'argo-cd'],
      ['owned by Helm', 'helm'],
    ]),
    yesOrNo('backsOut', 'a back-out', 'no back-out'),
    axis(
      'blastRadius',
      (['pod', 'deployment', 'namespace', 'cluster'] as const).map((one) => [`blast radius ${one}`, one]),
    ),
    axis('tierOfService', [
      ['no service tier stated', UNSTATED],
      ...(ranks || read.members.has('resource.serviceTier') ? [1, 2, 3, 4, 5] : []).map(
        (tier) => [`service tier ${tier}`, tier] as const,
      ),
    ]),
    axis(
      'confidence',
      confidences(envelopes, read).map((percent) => [`confidence ${percent} %`, percent / 100]),
    ),
    axis('evidence', [
      ['observed evidence', 'observed'],
      ['evidence from outsiders alone', 'outsider-text-only'],
    ]),
    axis(
      'stage',
      (['supervised', 'bounded', 'shadow'] as const).map((stage) => [`stage ${stage}`, stage]),
    ),
  ];
}

/** Stands for what the envelope makes of a service whose tier no label states. */
const UNSTATED = 0;

/**
 * The same axes with the values that they come to at one place: outside of a change window makes no difference where none
 * is asked for, and the envelope may rank a service by its name.
 */
export const axesAt = (
  axes: readonly Axis[],
  { envelope, environment, service }: Pick<Judged, 'envelope' | 'environment' | 'service'>,
): Axis[] => {
  const asksForWindow = envelope.environments.some(
    ({ name, changesOnlyIn }) => name === environment && changesOnlyIn !== undefined,
  );
  return axes.map(({ member, values }) => ({
    member,
    values: values.map(({ says, is }) => {
      if (is === closed && !asksForWindow) return { says, is: clear };
      if (member !== 'tierOfService' || typeof is !== 'number') return { says, is };
      return { says, is: serviceTierOf(envelope, { serviceTier: is === UNSTATED ? null : is, service }) };
    }),
  }));
};

const axis = <M extends AxisMember>(member: M, values: readonly (readonly [string, Judged[M]])[]): Axis => ({
  member,
  values: values.map(([says, is]) => ({ says, is })),
});

const yesOrNo = (
  member: 'keepsData' | 'targetObserved' | 'lastWasWorse' | 'reversible' | 'backsOut',
  yes: string,
  no: string,
): Axis =>
  axis(member, [
    [yes, true],
    [no, false],
  ]);

const COUNTED = {
  failuresInARow: 'failures in a row',
  executionsInWindow: 'executions in the window',
  denialsInWindow: 'denials in the window',
  executionsOnTarget: 'executions on the target',
  executionsOnService: 'executions on the service',
} as const;

const counts = (member: keyof typeof COUNTED, values: readonly number[]): Axis =>
  axis(
    member,
    values.map((value) => [`${value} ${COUNTED[member]}`, value]),
  );

/** The last value below each limit and the limit; where policies compare, those around, as far as there is room. */
function around(limits: readonly number[], compared: readonly number[]): number[] {
  const values = [...limits.flatMap((limit) => [limit - 1, limit]), ...compared.flatMap(neighbours)];
  return [...new Set(values.filter((value) => Number.isSafeInteger(value) && value >= 0))];
}

function confidences(envelopes: readonly Envelope[], read: WhatPoliciesRead): number[] {
  const cuts = envelopes.flatMap(({ tiers }) =>
    tiers.flatMap(({ when }) =>
      when.confidenceBelow === undefined ? [] : [Math.round(when.confidenceBelow * 100)],
    ),
  );
  const compared = read.numbers.get('context.confidencePercent') ?? [];
  const values = [100, ...cuts.flatMap((cut) => [cut - 1, cut]), ...compared.flatMap(neighbours)];
  return [...new Set(values.filter((value) => value >= 0 && value <= 100))];
}

const neighbours = (value: number): number[] => [value - 1, value, value + 1];
