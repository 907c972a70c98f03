import { orchestration, type Orchestration, type OrchestrationOptions } from './orchestration';

/** A request whose person is invited, and has not verified their identity. */
export async function invited(
  options: OrchestrationOptions = {},
  run = orchestration(options),
): Promise<Orchestration> {
  await run.start();
  return run;
}

/** The same after the person has verified their identity: exported as far as the answers allow. */
export async function verified(
  options: OrchestrationOptions = {},
  run = orchestration(options),
): Promise<Orchestration> {
  await invited(options, run);
  await run.change((request) => (request.isVerified = true));
  return run;
}
