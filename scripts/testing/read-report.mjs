import { readFileSync } from 'node:fs';

/**
 * The counts in a JSON report: `{ passed, failed, failures: [title], skipped: [{ title, because? }] }`, or null where there is
 * none because the runner broke off.
 */
export function readReport({ path, by }) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null; // Never written, or not to its end.
  }
  const tests = { vitest: testsOfVitest, playwright: testsOfPlaywright }[by](report);
  return {
    passed: tests.filter(({ state }) => state === 'passed').length,
    failed: tests.filter(({ state }) => state === 'failed').length,
    failures: tests.filter(({ state }) => state === 'failed').map(({ title }) => title),
    skipped: tests
      .filter(({ state }) => state === 'skipped')
      .map(({ title, because }) => (because ? { title, because } : { title })),
  };
}

const testsOfVitest = ({ testResults }) =>
  testResults.flatMap(({ assertionResults, status, name }) => {
    // A file that broke before its first test has a state of its own.
    if (assertionResults.length === 0) return status === 'failed' ? [{ state: 'failed', title: name }] : [];
    return assertionResults.map((result) => ({
      state: ['passed', 'failed'].includes(result.status) ? result.status : 'skipped',
      title: result.fullName,
      because: result.meta?.because,
    }));
  });

function testsOfPlaywright({ suites, errors = [] }) {
  const broken = errors.map(({ message }) => ({ state: 'failed', title: message }));
  return [...broken, ...suites.flatMap((suite) => testsOfSuite(suite, ''))];
}

function testsOfSuite({ title, specs = [], suites = [] }, above) {
  const path = above === '' ? title : `${above} › ${title}`;
  const own = specs.flatMap((spec) =>
    spec.tests.map(({ status, annotations = [] }) => ({
      // A test that passed on a second try did not pass.
      state: { expected: 'passed', skipped: 'skipped' }[status] ?? 'failed',
      title: `${path} › ${spec.title}`,
      because: annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description,
    })),
  );
  return [...own, ...suites.flatMap((inner) => testsOfSuite(inner, path))];
}
