/**
 * Route templates of HTTP triggers, as ASP.NET Core reads them: literals, `{name}`, `{name?}`,
 * `{name:constraint}`, `{*rest}`. Pure.
 */
export interface Route {
  template: string;
  segments: Segment[];
}

type Segment =
  | { kind: 'literal'; text: string }
  | { kind: 'parameter'; name: string; optional: boolean; accepts: (value: string) => boolean }
  | { kind: 'rest'; name: string };

const isNumber = (value: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value);

/** Whether a text is a whole number of a signed type with so many bits for its size. */
const isWhole = (value: string, bits: bigint): boolean =>
  /^-?\d{1,19}$/.test(value) && BigInt(value) < 2n ** bits && BigInt(value) >= -(2n ** bits);

const constraints: Record<string, (argument: string) => (value: string) => boolean> = {
  alpha: () => (value) => /^[a-z]*$/i.test(value),
  bool: () => (value) => /^(true|false)$/i.test(value),
  datetime: () => (value) => !Number.isNaN(Date.parse(value)),
  decimal: () => isNumber,
  double: () => isNumber,
  float: () => isNumber,
  guid: () => (value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value),
  int: () => (value) => isWhole(value, 31n),
  long: () => (value) => isWhole(value, 63n),
  length: (argument) => {
    const [least = 0, most = least] = argument.split(',').map(Number);
    return (value) => value.length >= least && value.length <= most;
  },
  min: (n) => (value) => isWhole(value, 63n) && BigInt(value) >= BigInt(n),
  max: (n) => (value) => isWhole(value, 63n) && BigInt(value) <= BigInt(n),
  minlength: (n) => (value) => value.length >= Number(n),
  maxlength: (n) => (value) => value.length <= Number(n),
  range: (argument) => {
    const [least = 0n, most = 0n] = argument.split(',').map(BigInt);
    return (value) => isWhole(value, 63n) && BigInt(value) >= least && BigInt(value) <= most;
  },
  regex: (pattern) => (value) => new RegExp(pattern, 'i').test(value),
  required: () => (value) => value !== '',
};

/** @throws Error when a constraint is not known: a route that is silently looser would hide a bug. */
export function parseRoute(template: string): Route {
  const segments = template
    .split('/')
    .filter((part) => part !== '')
    .map((part): Segment => {
      const inner = /^\{(.+)\}$/.exec(part)?.[1];
      if (inner === undefined) return { kind: 'literal', text: part.toLowerCase() };
      if (inner.startsWith('*')) return { kind: 'rest', name: inner.replace(/^\*+/, '') };
      const optional = inner.endsWith('?');
      const [name = '', ...rules] = (optional ? inner.slice(0, -1) : inner).split(':');
      const checks = rules.map((rule) => {
        const [, key = '', argument = ''] = /^([a-z]+)(?:\((.*)\))?$/.exec(rule) ?? [];
        const make = constraints[key];
        if (!make) throw new Error(`Route '${template}': unknown constraint '${rule}'.`);
        return make(argument);
      });
      return {
        kind: 'parameter',
        name,
        optional,
        accepts: (value) => checks.every((check) => check(value)),
      };
    });
  return { template, segments };
}

/** Parameters of a path that the route matches, decoded; null when it does not match. */
export function matchRoute(route: Route, path: string): Record<string, string> | null {
  const parts = path.split('/').filter((part) => part !== '');
  const parameters: Record<string, string> = {};
  for (const [index, segment] of route.segments.entries()) {
    const part = parts[index];
    if (segment.kind === 'rest') {
      parameters[segment.name] = parts.slice(index).map(decode).join('/');
      return parameters;
    }
    if (segment.kind === 'literal') {
      if (part?.toLowerCase() !== segment.text) return null;
    } else if (part === undefined) {
      if (!segment.optional) return null;
    } else {
      const value = decode(part);
      if (!segment.accepts(value)) return null;
      parameters[segment.name] = value;
    }
  }
  return parts.length <= route.segments.length ? parameters : null;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Orders routes so that literals win over parameters and parameters over the rest. */
export function compareRoutes(a: Route, b: Route): number {
  const weight = (segment: Segment | undefined): number =>
    segment === undefined
      ? 3
      : segment.kind === 'literal'
        ? 0
        : segment.kind === 'parameter'
          ? 1
          : 2;
  for (let i = 0; i < Math.max(a.segments.length, b.segments.length); i += 1) {
    const difference = weight(a.segments[i]) - weight(b.segments[i]);
    if (difference !== 0) return difference;
  }
  return 0;
}
