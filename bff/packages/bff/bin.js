#!/usr/bin/env node
// journey-analytics-bff: starts the service, or one of its commands. Older versions of Node must be able to read this file, to be
// told that they are too old.
const commands = ['keys', 'import', 'audit', 'distribute'];
const usage = `Journey Analytics: numbers, flow and exports of messaging journeys.

  journey-analytics-bff               starts the service, by default with a database of its own in ./.data,
                                      at http://127.0.0.1:8787; the environment configures it, see README.md
  journey-analytics-bff keys …        makes, lists and revokes API keys
  journey-analytics-bff import FILE   imports a log
  journey-analytics-bff audit         counts everything afresh and names every number that differs
  journey-analytics-bff distribute    spreads the tables over the workers of a Citus cluster`;

const [command] = process.argv.slice(2);
if (Number.parseInt(process.versions.node, 10) < 24) {
  console.error(`journey-analytics-bff needs Node 24 or newer, and this is Node ${process.versions.node}.`);
  process.exitCode = 1;
} else if (command === undefined) {
  await import('./bff/server.js');
} else if (commands.includes(command)) {
  process.argv.splice(2, 1);
  await import(`./bff/commands/${command}.js`);
} else if (command === '--help' || command === '-h') {
  console.log(usage);
} else {
  console.error(usage);
  process.exitCode = 2;
}
