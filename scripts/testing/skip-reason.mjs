/** A reporter for vitest that puts the reason of a skip where its JSON report can carry it. */
export default function skipReason() {
  return {
    onTestCaseResult(test) {
      const { state, note } = test.result();
      if (state === 'skipped' && note) test.meta().because = note;
    },
  };
}
