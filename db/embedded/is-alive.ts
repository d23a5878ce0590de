import { hasCode } from './embedded-database-error.ts';

/** Whether there is a process with this id, be it a zombie. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
    // Somebody else's.
    if (hasCode(error, 'EPERM')) return true;
    throw error;
  }
}
