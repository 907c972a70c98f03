import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import { handler } from 'altcha-lib/workers/shared';

/** The worker of the intake page: it solves a puzzle of ALTCHA with the browser's own cryptography. */
handler({ deriveKey });
