import {
  type Outline,
  type Part,
  type Setting,
  type SettingDescription,
  type ValueOf,
  type VariantOutline,
} from './setting';
import { invalid, type Invalid, type SettingsSource } from './source';

export type Fields = Readonly<Record<string, Part<unknown>>>;
export type Values<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> };
/** A discriminated union: each variant has its name as `kind`, and its own settings only. */
export type Union<V extends Readonly<Record<string, Fields>>> = {
  [K in keyof V]: { readonly kind: K } & Values<V[K]>;
}[keyof V];

/** Settings that are read together into an object. Every problem in them is reported. */
export const group = <F extends Fields>(fields: F): Part<Values<F>> => ({
  outline: { kind: 'group', parts: Object.values(fields).map(({ outline }) => outline) },
  read: (source) => readFields(fields, source),
});

function readFields<F extends Fields>(fields: F, source: SettingsSource): Values<F> | Invalid {
  const entries = Object.entries(fields).map(([key, part]) => [key, part.read(source)] as const);
  return entries.some(([, value]) => value === invalid)
    ? invalid
    : (Object.fromEntries(entries) as Values<F>);
}

/**
 * Variants that exclude each other. The first setting of a variant chooses it; a variant without
 * settings, or whose first setting has a default, applies when no other is chosen. A setting of a
 * variant that was not chosen is a problem, unless it is shared with another topic.
 */
export function alternatives<V extends Readonly<Record<string, Fields>>>(
  variants: V,
): Part<Union<V>> {
  const all = Object.entries(variants).map(([name, fields]) => new Variant(name, fields));
  return {
    outline: { kind: 'alternatives', variants: all.map(({ outline }) => outline), selector: null },
    read(source) {
      const chosen = chosenOf(all, source);
      if (chosen === null) {
        for (const variant of all) variant.checkSet(source);
        return invalid;
      }
      for (const other of all.filter((one) => one !== chosen)) {
        const { key } = other.outline;
        if (key !== null) other.reportSet(source, `${key.name}, which is not set`);
      }
      return chosen.read(source) as Union<V> | Invalid;
    },
  };
}

/** Variants of which a setting names one. A setting of another variant is a problem. */
export function choice<K extends string, V extends Readonly<Record<K, Fields>>>(
  selector: Setting<K>,
  variants: V,
): Part<Union<V>> {
  const all = Object.entries<Fields>(variants).map(
    ([name, fields]) => new Variant(name, fields, selector.setting),
  );
  return {
    outline: {
      kind: 'alternatives',
      variants: all.map(({ outline }) => outline),
      selector: selector.setting,
    },
    read(source) {
      const kind = selector.read(source);
      const chosen = all.find(({ name }) => name === kind);
      if (chosen === undefined) {
        for (const variant of all) variant.checkSet(source);
        return invalid;
      }
      for (const other of all.filter((one) => one !== chosen))
        other.reportSet(source, `${selector.setting.name}=${other.name}`);
      return chosen.read(source) as Union<V> | Invalid;
    },
  };
}

/** A part with a rule that one setting alone cannot break. @param problemOf null when it is kept */
export const where = <T>(part: Part<T>, problemOf: (value: T) => string | null): Part<T> => ({
  outline: part.outline,
  read(source) {
    const value = part.read(source);
    const problem = value === invalid ? null : problemOf(value);
    return problem === null ? value : source.report(problem);
  },
});

/** Every setting of a part. */
export const settingsOf = (outline: Outline): SettingDescription[] => {
  switch (outline.kind) {
    case 'setting':
      return [outline.setting];
    case 'group':
      return outline.parts.flatMap(settingsOf);
    case 'alternatives': {
      const { selector, variants } = outline;
      const ofVariants = variants.flatMap(({ parts }) => parts.flatMap(settingsOf));
      return selector === null ? ofVariants : [selector, ...ofVariants];
    }
  }
};

class Variant {
  readonly outline: VariantOutline;

  constructor(
    readonly name: string,
    private readonly fields: Fields,
    selector: SettingDescription | null = null,
  ) {
    const parts = Object.values(fields).map(({ outline }) => outline);
    const [first] = parts;
    const key = selector === null && first?.kind === 'setting' ? first.setting : null;
    this.outline = { name, key, parts };
  }

  /** Whether the variant applies when none is chosen. */
  get isFallback(): boolean {
    return this.outline.key === null || this.outline.key.fallback !== 'required';
  }

  read(source: SettingsSource): object | Invalid {
    const values = readFields(this.fields, source);
    return values === invalid ? invalid : { kind: this.name, ...values };
  }

  /** Reports settings that have no effect because the variant was not chosen. */
  reportSet(source: SettingsSource, condition: string): void {
    for (const { name, isShared } of this.outline.parts.flatMap(settingsOf))
      if (!isShared && source.isSet(name))
        source.report(`${name} only has an effect with ${condition}`);
  }

  /** Reports wrong values, whichever variant is meant. */
  checkSet(source: SettingsSource): void {
    for (const part of Object.values(this.fields)) {
      if (settingsOf(part.outline).some(({ name }) => source.isSet(name))) part.read(source);
    }
  }
}

/** The variant that applies; null, with the problem reported, when none or several are chosen. */
function chosenOf(all: readonly Variant[], source: SettingsSource): Variant | null {
  const named = all.filter(({ outline: { key } }) => key !== null && source.isSet(key.name));
  const own = named.filter(({ outline: { key } }) => key?.isShared === false);
  const [chosen, ...others] = own.length > 0 ? own : named;
  const namesOf = (variants: readonly Variant[]): string[] =>
    variants.flatMap(({ outline: { key } }) => key?.name ?? []);
  if (chosen !== undefined && others.length > 0) {
    source.report(`${namesOf(own).join(' and ')} are set: set one of them, and not both`);
    return null;
  }
  const applied = chosen ?? all.find(({ isFallback }) => isFallback);
  if (applied !== undefined) return applied;
  const [first = '', ...rest] = namesOf(all);
  source.report(`${first} is not set, nor is ${rest.join(' or ')}: one of them is needed`);
  return null;
}
