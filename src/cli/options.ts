import { parseArgs } from 'node:util';
import { UsageError } from './api';

const flags = [
  'json',
  'accept-failures',
  'without-undecided',
  'wait-for-undecided',
  'keep-own',
  'representative',
  'withhold-nothing',
  'preview',
  'help',
] as const;
const texts = [
  ...(['url', 'scope', 'token-file', 'justification', 'state', 'seconds', 'method'] as const),
  ...(['reason', 'explanation', 'settings', 'locale', 'verdict', 'code-to', 'invite-to'] as const),
  ...(['app', 'resource-group', 'subscription', 'since', 'out', 'view'] as const),
  'conversations-from',
  'check-method',
  'mandate',
  'mailbox-check',
] as const;
/** Those that may be given several times. */
const lists = [
  ...(['contact', 'identifier', 'of-contact', 'conversation'] as const),
  ...(['withhold-kind', 'withhold-conversation'] as const),
] as const;

type Flag = (typeof flags)[number];
type Text = (typeof texts)[number];
type List = (typeof lists)[number];

/** What the command line says beside the command. */
export class Options {
  private constructor(
    private readonly values: Record<string, unknown>,
    readonly positionals: readonly string[],
  ) {}

  /** Those of a command line without any. */
  static readonly none = new Options({}, []);

  /** @returns the options, or why they are not understood */
  static of(args: string[]): Options | Error {
    const declared: Record<string, { type: 'boolean' | 'string'; multiple?: boolean }> = {};
    for (const name of flags) declared[name] = { type: 'boolean' };
    for (const name of texts) declared[name] = { type: 'string' };
    for (const name of lists) declared[name] = { type: 'string', multiple: true };
    try {
      const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: declared,
      });
      return new Options(values, positionals);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  isSet(name: Flag): boolean {
    return this.values[name] === true;
  }

  text(name: Text): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** @throws UsageError without it */
  needed(name: Text): string {
    const value = this.text(name);
    if (value === undefined || value === '') throw new UsageError(`--${name} is needed.`);
    return value;
  }

  all(name: List): string[] {
    const values = this.values[name];
    return Array.isArray(values) ? values.filter((one) => typeof one === 'string') : [];
  }

  /** One that may be given once here. @throws UsageError when it is given several times */
  one(name: List): string | undefined {
    const [value, ...more] = this.all(name);
    if (more.length > 0) throw new UsageError(`--${name} is given once here.`);
    return value;
  }
}

/** @throws UsageError when the value of an option is none of these */
export function oneOf<T extends string>(name: string, values: readonly T[], value: string): T {
  const found = values.find((one) => one === value);
  if (found === undefined) throw new UsageError(`--${name} is one of ${values.join(', ')}.`);
  return found;
}

/** @throws UsageError when the value of an option is no number from 1 on */
export function numberOf(name: string, value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new UsageError(`--${name} is a number from 1 on.`);
  return Number(value);
}

/** @throws UsageError when the value of an option has not the form of an id */
export function idOf(name: string, value: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value))
    throw new UsageError(`--${name} is an id of Genesys Cloud.`);
  return value.toLowerCase();
}
