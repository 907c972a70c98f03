import { pbkdf2Sync } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** Keys that are to be derived by PBKDF2 from one passphrase. */
export interface Derivation {
  passphrase: string;
  /** One for each key. */
  salts: Uint8Array[];
  rounds: number;
  /** Bytes of each key. */
  length: number;
  digest: string;
}

/** Answers with the keys, in the order of their salts. */
parentPort?.on('message', ({ passphrase, salts, rounds, length, digest }: Derivation) => {
  parentPort?.postMessage(
    salts.map((salt) => pbkdf2Sync(passphrase, salt, rounds, length, digest)),
  );
});
