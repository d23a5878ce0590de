// The host "vue" of the demo, in a real browser.
import { promisesOfHost } from '../support/host-promises.ts';

promisesOfHost('vue');
