import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { existsSync } from 'node:fs';
import { findBrowser } from './test/support/browser.ts';
import { plainSummary } from './test/support/plain-summary.ts';

const browser = await findBrowser();
console.log(`browser: ${browser.source} ${browser.executablePath}`);

const middleware = [];
if (existsSync('./test/support/fake-endpoint.ts')) {
  const { fakeEndpoint } = await import('./test/support/fake-endpoint.ts');
  middleware.push((context, next) => (context.path.startsWith('/fake/') ? fakeEndpoint(context, next) : next()));
}

/** @type {import('@web/test-runner').TestRunnerConfig} */
export default {
  files: ['test/widgets/**/*.test.ts', '!test/widgets/flow/**'],
  nodeResolve: { exportConditions: ['development'] },
  concurrency: 1,
  browserStartTimeout: 60_000,
  testsStartTimeout: 60_000,
  testFramework: { config: { timeout: 10_000 } },
  filterBrowserLogs: ({ args }) => !args.some((text) => typeof text === 'string' && text.startsWith('Lit is in dev mode')),
  browsers: [
    chromeLauncher({
      launchOptions: {
        executablePath: browser.executablePath,
        args: [...browser.args],
        env: { ...process.env, ...browser.env },
      },
    }),
  ],
  middleware,
  plugins: [esbuildPlugin({ ts: true, tsconfig: 'tsconfig.widgets.json', target: 'es2022' })],
  reporters: [defaultReporter({ reportTestProgress: false }), plainSummary()],
};
