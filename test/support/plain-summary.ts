// Ends a browser run with one plain line, for logs: `browser: N passed, N failed, N skipped`.
import type { Reporter, TestSuiteResult } from '@web/test-runner';

interface Total {
  passed: number;
  failed: number;
  skipped: number;
}

function addSuite(total: Total, suite: TestSuiteResult | undefined): void {
  for (const test of suite?.tests ?? []) {
    if (test.skipped) total.skipped += 1;
    else if (test.passed) total.passed += 1;
    else total.failed += 1;
  }
  for (const inner of suite?.suites ?? []) addSuite(total, inner);
}

export function plainSummary(): Reporter {
  return {
    onTestRunFinished({ sessions }) {
      const total: Total = { passed: 0, failed: 0, skipped: 0 };
      for (const session of sessions) {
        const failedBefore = total.failed;
        addSuite(total, session.testResults);
        // A file that could not run at all has no failed test, and has failed all the same.
        if (session.passed === false && total.failed === failedBefore) total.failed += 1;
      }
      console.log(`\nbrowser: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
    },
  };
}
