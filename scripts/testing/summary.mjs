/** The part of a title that says that a test may be skipped even in CI: the Electron binary cannot be had everywhere. */
const MAY_BE_SKIPPED = '[needs the Electron binary]';

/**
 * Sums the stages' results (`{ stage, passed, failed, failures?, skipped }`) to `{ lines, last, ok }`: a line for each
 * failed test, since the runner's own is far above by then, a line for each skip and why, and the line that stands alone
 * at the very end. In CI a skip is a failure, unless it is for want of Electron.
 */
export function summary(results, { ci }) {
  const skips = results.flatMap(({ stage, skipped }) => skipped.map((skip) => ({ stage, ...skip })));
  const forbidden = ci ? skips.filter(({ title }) => !title.includes(MAY_BE_SKIPPED)) : [];
  const passed = sum(results.map((result) => result.passed));
  const failed = sum(results.map((result) => result.failed)) + forbidden.length;
  const skipped = skips.length - forbidden.length;
  return {
    lines: [
      ...results.flatMap(({ stage, failures = [] }) => failures.map((title) => `failed: ${stage}: ${title}`)),
      ...skips.map((skip) => lineOf(skip, forbidden.includes(skip))),
    ],
    last: `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    ok: failed === 0 && passed > 0,
  };
}

const lineOf = ({ stage, title, because }, isFailure) =>
  `${isFailure ? 'skipped, a failure in CI' : 'skipped'}: ${stage}: ${title}${because ? ` (${because})` : ''}`;

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
