import { ownMember } from '../../platform/own-member.ts';
import { deny, type Judged, pass, type Rule, type RuleAnswer } from '../rule.ts';

const BOUNDED = ['replicas', 'weight', 'percent'] as const;

/** A number by which an action moves things stays within the bounds the envelope gives it; without bounds none may be set. */
export const withinBounds: Rule = (judged) => {
  const answers = BOUNDED.flatMap((name) => answerOn(name, judged) ?? []);
  return answers.find(({ kind }) => kind === 'deny') ?? answers[0] ?? pass('nothing to bound');
};

function answerOn(name: (typeof BOUNDED)[number], judged: Judged): RuleAnswer | null {
  const { envelope, action, arguments: given, moves, backsOut } = judged;
  const moved = moves?.of === name ? moves : null;
  const value = ownMember(given, name) ?? moved?.to;
  // A flag that is only turned on or off leaves its percentage alone.
  if (value === undefined || value === null) return null;
  const { bounds } = envelope.limits;
  const bound = ownMember(bounds, action)?.[name];
  if (!bound) return deny(`the envelope gives ${action} no bounds of ${name}`);
  const { min, max, step } = bound;
  const outside = [value, moved?.to ?? value].find(
    (to) => !(typeof to === 'number' && to >= min && to <= max),
  );
  if (outside !== undefined) return deny(`${String(outside)} ${name} is outside ${min} to ${max}`);
  if (step !== undefined && !backsOut) {
    if (!moved) return deny(`what ${name} is now was not read, so the step cannot be bounded`);
    const asked = Math.abs(moved.to - moved.from);
    if (!(asked <= step)) return deny(`a step of ${asked} ${name} at once is more than ${step}`);
  }
  return pass(`${String(value)} ${name} is within ${min} to ${max}`);
}
