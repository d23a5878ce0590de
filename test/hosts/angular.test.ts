// The host "angular" of the demo, in a real browser.
import { promisesOfHost } from '../support/host-promises.ts';

promisesOfHost('angular');
