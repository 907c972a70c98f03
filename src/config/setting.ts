import { z } from 'zod';
import { invalid, type Invalid, type SettingsSource } from './source';

/** Documentation of a setting, from which docs/settings.md and local.settings.example.json are made. */
export interface Documentation {
  description: string;
  /** Unit of a number, such as `minutes`. */
  unit?: string;
  /** A value that could be set. */
  example?: string;
  /** The value in local.settings.example.json, which has no setting without one. */
  local?: string;
}

export interface SettingDescription extends Documentation {
  name: string;
  /** Smallest and largest value of a number; null for other settings. */
  range: { low: number; high: number } | null;
  /** `required`, or what applies when the setting is not set; null when nothing does. */
  fallback: 'required' | { text: string } | null;
  /** Whether several topics use the setting, so that it may stand beside an alternative to it. */
  isShared: boolean;
}

/** How the settings of a part relate to each other; the documentation is written from it. */
export type Outline =
  | { kind: 'setting'; setting: SettingDescription }
  | { kind: 'group'; parts: Outline[] }
  | { kind: 'alternatives'; variants: VariantOutline[]; selector: SettingDescription | null };

export interface VariantOutline {
  name: string;
  /** The setting that chooses the variant; null without one, and where a selector chooses. */
  key: SettingDescription | null;
  parts: Outline[];
}

/** A part of the configuration that is read from one or several settings. */
export interface Part<T> {
  readonly outline: Outline;
  /** Reports every problem to the source, and returns `invalid` if there was one. */
  read(source: SettingsSource): T | Invalid;
}

/** A part that is one setting. */
export interface Setting<T> extends Part<T> {
  readonly setting: SettingDescription;
}

/** The type that a part is read as. */
export type ValueOf<P> = P extends Part<infer T> ? T : never;

/** A setting without which the app does not start. */
export const required = <T>(
  name: string,
  schema: z.ZodType<T>,
  documentation: Documentation,
): Setting<T> => {
  const setting = describe(name, schema, documentation, 'required');
  return {
    ...settingOf(setting),
    read: (source) =>
      source.isSet(name) ? parsed(name, schema, source) : source.report(`${name} is not set`),
  };
};

/** A setting that need not be set: null then. */
export const optional = <T>(
  name: string,
  schema: z.ZodType<T>,
  documentation: Documentation,
): Setting<T | null> => {
  const setting = describe(name, schema, documentation, null);
  return {
    ...settingOf(setting),
    read: (source) => (source.isSet(name) ? parsed(name, schema, source) : null),
  };
};

/** A setting with a default, written as it would be set. */
export const withDefault = <T>(
  name: string,
  schema: z.ZodType<T>,
  { default: text, ...documentation }: Documentation & { default: string },
): Setting<T> => {
  const setting = describe(name, schema, documentation, { text });
  return {
    ...settingOf(setting),
    read: (source) => (source.isSet(name) ? parsed(name, schema, source) : schema.parse(text)),
  };
};

/** A setting whose default cannot be written as a value: `text` describes it. */
export const withFallback = <T>(
  name: string,
  schema: z.ZodType<T>,
  fallback: { value: T; text: string },
  documentation: Documentation,
): Setting<T> => {
  const { text, value } = fallback;
  const setting = describe(name, schema, documentation, { text });
  return {
    ...settingOf(setting),
    read: (source) => (source.isSet(name) ? parsed(name, schema, source) : value),
  };
};

/** The same setting, for use in several topics. */
export const shared = <T>(part: Setting<T>): Setting<T> => ({
  ...part,
  ...settingOf({ ...part.setting, isShared: true }),
});

const describe = (
  name: string,
  schema: z.ZodType,
  documentation: Documentation,
  fallback: SettingDescription['fallback'],
): SettingDescription => ({
  name,
  ...documentation,
  range: rangeOf(schema),
  fallback,
  isShared: false,
});

function rangeOf(schema: z.ZodType): SettingDescription['range'] {
  if (!(schema instanceof z.ZodNumber)) return null;
  const { minValue: low, maxValue: high } = schema;
  return low === null || high === null ? null : { low, high };
}

const settingOf = (
  setting: SettingDescription,
): { setting: SettingDescription; outline: Outline } => ({
  setting,
  outline: { kind: 'setting', setting },
});

function parsed<T>(name: string, schema: z.ZodType<T>, source: SettingsSource): T | Invalid {
  if (source.isUnresolvedReference(name)) {
    return source.report(
      `${name} is a reference to Key Vault that was not resolved: create the secret, let the app's identity read it, then refresh the references`,
    );
  }
  const result = schema.safeParse(source.text(name));
  if (result.success) return result.data;
  for (const issue of result.error.issues) source.report(`${name} ${withoutValue(issue)}`);
  return invalid;
}

/** What is wrong with a setting, in words that do not repeat its value. */
function withoutValue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      return `must be at least ${String(issue.minimum)}`;
    case 'too_big':
      return `must be at most ${String(issue.maximum)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_type':
      return `must be a ${issue.expected}`;
    case 'custom':
      return issue.message;
    case 'invalid_format':
      return issue.format === 'url' ? 'must be a URL' : issue.message;
    default:
      return 'is not valid';
  }
}
