/** The result of reading a setting, or a group of settings, that is missing or wrong. */
export const invalid = Symbol('invalid');
export type Invalid = typeof invalid;

/**
 * What App Service passes on while it cannot resolve a reference to Key Vault: the secret does not exist
 * yet, or the app's identity may not read it.
 */
const unresolvedReference = /^\s*@Microsoft\.KeyVault\(/i;

/** Whether a value is a reference to Key Vault, and no secret. */
export const isVaultReference = (value: string): boolean => unresolvedReference.test(value);

/** Environment variables, and the problems found while reading them. */
export class SettingsSource {
  private readonly given: ReadonlyMap<string, string>;
  private readonly found = new Set<string>();

  /** @param environment names and values; an empty value counts as not set */
  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.given = new Map(
      Object.entries(environment).flatMap(([name, value]) => (value ? [[name, value]] : [])),
    );
  }

  isSet(name: string): boolean {
    return this.given.has(name);
  }

  /** The value of a setting, undefined when it is not set. */
  text(name: string): string | undefined {
    return this.given.get(name);
  }

  isUnresolvedReference(name: string): boolean {
    return isVaultReference(this.given.get(name) ?? '');
  }

  /** @param problem names settings, never their values */
  report(problem: string): Invalid {
    this.found.add(problem);
    return invalid;
  }

  /** Every problem once, in the order in which they were found. */
  get problems(): string[] {
    return [...this.found];
  }
}
