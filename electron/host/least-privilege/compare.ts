import type { DangerousRight } from '../../../shared/vocabulary/credentials.ts';
import { type Right, rightInWords, sameRight } from '../../connectors/kubernetes/rights.ts';
import type { AccessAnswer, HeldRight } from '../../connectors/source.ts';
import { type Danger, dangers } from './dangerous-rights.ts';

/** What a server said about one credential. */
export type Reviewed = {
  /** For each danger, where it was asked about. */
  answers: readonly { danger: Danger; namespace: string | undefined; answer: AccessAnswer }[];
  held: readonly HeldRight[];
  incomplete: boolean;
  groups: readonly string[];
};

export type Compared = {
  needs: number;
  holds: number;
  dangerous: DangerousRight[];
  surplus: string[];
  incomplete: boolean;
};

const EVERYWHERE = 'everywhere';

/**
 * What is held beyond the need. Access reviews decide; the list of rules is for reading, but where it shows a danger that
 * the reviews denied, the worse of the two words counts, as does an answer that is not clear.
 */
export function compare(needed: readonly Right[], reviewed: Reviewed): Compared {
  const isNeeded = (right: Right) => needed.some((one) => sameRight(one, right));
  const dangerous = [...mastersIn(reviewed), ...bySaying(reviewed), ...byListing(reviewed)].filter(
    (found, at, all) =>
      all.findIndex(({ danger }) => danger === found.danger) === at && !isNeeded(found.danger),
  );
  dangerous.sort((a, b) => dangers.indexOf(a.danger) - dangers.indexOf(b.danger));
  const beyond = reviewed.held.filter(
    (right) => !needed.some((need) => covers(need, right)) && !isBasic(right),
  );
  const named = new Set(dangerous.map(({ danger }) => rightInWords(danger)));
  const surplus = [...new Set(beyond.map(inWords))].filter((words) => !named.has(words)).sort();
  return {
    needs: needed.length,
    holds: new Set([...reviewed.held.map(inWords), ...named]).size,
    dangerous: dangerous.map(({ danger, where, unsure }) => ({
      right: danger === MASTERS ? 'member of system:masters' : rightInWords(danger),
      where,
      why: unsure ? `${danger.why} (the server gave no clear answer)` : danger.why,
    })),
    surplus,
    incomplete: reviewed.incomplete,
  };
}

type Found = { danger: Danger; where: string; unsure: boolean };

const MASTERS: Danger = { ...(dangers[0] as Danger), why: 'nothing is refused to this group' };

const mastersIn = ({ groups }: Reviewed): Found[] =>
  groups.includes('system:masters') ? [{ danger: MASTERS, where: EVERYWHERE, unsure: false }] : [];

const bySaying = ({ answers }: Reviewed): Found[] =>
  answers
    .filter(({ answer }) => answer !== 'denied')
    .map(({ danger, namespace, answer }) => ({
      danger,
      where: namespace ?? EVERYWHERE,
      unsure: answer === 'unclear',
    }));

/** A right to named objects alone, such as the token of one account, is not the right to all of them. */
const byListing = ({ held }: Reviewed): Found[] =>
  dangers.flatMap((danger) =>
    held.some((right) => right.names.length === 0 && covers(right, danger))
      ? [{ danger, where: 'a namespace that it works in', unsure: false }]
      : [],
  );

const covers = (wide: Right, narrow: Right): boolean =>
  fits(wide.verb, narrow.verb) && fits(wide.group, narrow.group) && fits(wide.resource, narrow.resource);

const fits = (wide: string, narrow: string) => wide === '*' || wide === narrow;

/** What everybody who has signed in may do anyway: find out what they may do. */
const isBasic = ({ verb, resource }: HeldRight) => verb === 'create' && /^selfsubject/.test(resource);

const inWords = ({ names, ...right }: HeldRight): string =>
  names.length === 0 ? rightInWords(right) : `${rightInWords(right)} (only ${names.slice(0, 5).join(', ')})`;

export const comparedInWords = ({ needs, holds, dangerous, incomplete }: Compared): string =>
  `Needs ${needs}, holds ${incomplete ? 'at least ' : ''}${holds}, ${dangerous.length === 0 ? 'none' : dangerous.length} dangerous`;
