import { deny, pass, type Request, type Rule, type RuleAnswer } from '../rule.ts';

/** A number by which an action moves things stays within the bounds the envelope gives it; without bounds none may be set. */
export const withinBounds: Rule = (request) => {
  const answers = ['replicas', 'weight', 'percent'].flatMap((name) => answerOn(name, request) ?? []);
  return answers.find(({ kind }) => kind === 'deny') ?? answers[0] ?? pass('nothing to bound');
};

function answerOn(
  name: string,
  { envelope, action, arguments: given, moves, backsOut }: Request,
): RuleAnswer | null {
  const value = given[name];
  // A flag that is only turned on or off leaves its percentage alone.
  if (value === undefined || (value === null && moves?.of !== name)) return null;
  const bounds = envelope.actions.find((one) => one.name === action)?.bounds ?? {};
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const [min, max, step] = [bounds[`min${title}`], bounds[`max${title}`], bounds[`max${title}Step`]];
  if (min === undefined || max === undefined)
    return deny(`the envelope gives ${action} no bounds of ${name}`);
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    return deny(`${String(value)} ${name} is outside ${min} to ${max}`);
  }
  if (step !== undefined && !backsOut) {
    if (moves?.of !== name) return deny(`what ${name} is now was not read, so the step cannot be bounded`);
    const asked = Math.abs(moves.to - moves.from);
    if (asked > step) return deny(`a step of ${asked} ${name} at once is more than ${step}`);
  }
  return pass(`${value} ${name} is within ${min} to ${max}`);
}
