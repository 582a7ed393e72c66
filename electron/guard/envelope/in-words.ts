/** What an envelope allows, in words, for people. Pure. */
import type { Envelope, EnvelopeWindow } from '../../../shared/formats/envelope.ts';
import type { EnvelopeContent } from '../../../shared/vocabulary/envelope.ts';
import { conditionInWords } from '../condition-words.ts';
import { effectOf } from './effect-of.ts';
import type { LoadedEnvelope } from './loaded-envelope.ts';

/** `mayPropose` comes from the truth table, for only all policies together say what may be proposed. */
export function envelopeInWords(
  { envelope, policies, prepared }: LoadedEnvelope,
  mayPropose: string[],
): EnvelopeContent {
  return {
    stage: envelope.stage,
    mayPropose,
    policies: policies.map(({ id, text }) =>
      effectOf(text) === 'permit' ? `${id} permits` : `${id} forbids: ${prepared.sentences.get(id) ?? ''}`,
    ),
    tiers: envelope.tiers.map(({ when, tier }) => `${capitalised(conditionInWords(when))}: ${tier}`),
    windows: envelope.windows.map(windowInWords),
    limits: limitsInWords(envelope),
    approvers: envelope.approvers.map(approverInWords),
  };
}

function limitsInWords({ limits, breakers, credentials }: Envelope): string[] {
  return [
    `At most ${times(limits.executionsPerTargetAndHour)} on one target within an hour`,
    `At most ${times(limits.executionsPerServiceAndHour)} on one service within an hour`,
    ...Object.entries(limits.bounds).flatMap(([action, numbers]) =>
      Object.entries(numbers).flatMap(([what, bound]) =>
        bound ? [`${action}: ${what} from ${bound.min} to ${bound.max}${stepOf(bound)}`] : [],
      ),
    ),
    `An offer expires after ${limits.proposalExpiresMinutes} min`,
    `After ${times(breakers.executions.most)} within ${breakers.executions.withinMinutes} min only back-outs are offered`,
    `After ${breakers.failuresInARow} failures in a row only back-outs are offered`,
    `After ${breakers.denials.most} denials within ${breakers.denials.withinMinutes} min only back-outs are offered`,
    `The analyst may take ${breakers.analyst.turns} turns and ${breakers.analyst.tokens} tokens`,
    `A credential that may more than is needed is ${credentials.surplus === 'refuse' ? 'refused' : 'warned of'}`,
  ];
}

const times = (count: number): string => `${count} execution${count === 1 ? '' : 's'}`;
const stepOf = ({ step }: { step?: number | undefined }): string =>
  step === undefined ? '' : `, at most ${step} at once`;

const KINDS: Record<EnvelopeWindow['kind'], string> = {
  'change-window': 'Changes',
  freeze: 'Frozen',
  backup: 'Backups',
};

function windowInWords({
  kind,
  name,
  starts,
  lasts,
  timeZone,
  rrule,
  ends,
  environments,
}: EnvelopeWindow): string {
  return [
    `${KINDS[kind]} (${name}): from ${starts} ${timeZone} for ${lasts}`,
    rrule && `again by ${rrule}`,
    ends && `until ${ends}`,
    environments && `in ${environments.join(', ')}`,
  ]
    .filter(Boolean)
    .join(', ');
}

function approverInWords({ name, publicKey, may }: Envelope['approvers'][number]): string {
  const what = may.map(
    ({ actions, environments, tiers }) =>
      `${listed(actions, 'every action')} in ${listed(environments, 'every environment')} at ${tiers.join(', ')}`,
  );
  return `${name}: ${what.join('; ')}${publicKey === undefined ? '' : `; key ${publicKey}`}`;
}

const listed = (names: readonly string[], all: string): string =>
  names.includes('*') ? all : names.join(', ');

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
