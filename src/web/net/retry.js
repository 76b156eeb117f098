/*
 * Trying again what did not reach the server: soon at first, and then less often.
 */
const WAITS_MS = [1000, 2000, 5000, 10000, 30000];

/* How long to wait after so many failures, one more than failures. */
export function backOff(failures) {
	return WAITS_MS[Math.min(failures, WAITS_MS.length - 1)];
}
