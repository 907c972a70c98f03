/** A value of a column. */
export type Value = string | number | Date | Record<string, string>;
export type Row = Record<string, Value>;

/** What `parse` of KQL captures in a line: literals and columns in turn, `*` for anything. */
export function parsed(pattern: string, line: string): Record<string, string> | null {
  const expression = [...pattern.matchAll(/(['"])(.*?)\1|(\w+)(?::(\w+))?|\*/g)]
    .map(([token, , literal, column, type]) => {
      if (token === '*') return '.*?';
      if (literal !== undefined) return literal.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return `(?<${column}>${type === 'long' ? '-?\\d+' : '.*?'})`;
    })
    .join('');
  return { ...new RegExp(`^${expression}$`).exec(line)?.groups };
}

/** Parts between commas that stand in no parentheses. */
function partsOf(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}

const literal = (text: string): string => text.trim().replaceAll(/^['"]|['"]$/g, '');
const unknown = (text: string): never => {
  throw new Error(`Not evaluated here: ${text}`);
};
/** A value by which rows are ordered, grouped or added up. */
const comparable = (value: Value | undefined): string | number => {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'number' || typeof value === 'string'
    ? value
    : JSON.stringify(value ?? '');
};
const textOf = (value: Value | undefined): string => String(comparable(value));
const sizes: Record<string, number> = { '1m': 60_000, '1h': 3_600_000 };

function isKept(condition: string, row: Row): boolean {
  const [, column = '', operator = '', operand = ''] =
    /^(\w+) +(has|==|in) +(.+)$/.exec(condition) ?? unknown(condition);
  const value = textOf(row[column]);
  if (operator === '==') return value === literal(operand);
  if (operator === 'in') return partsOf(operand.slice(1, -1)).map(literal).includes(value);
  // A term of several words, as it stands there; `has` takes no account of case.
  return value.toLowerCase().includes(literal(operand).toLowerCase());
}

function withParsed(argument: string, row: Row): Row {
  const [, column = '', pattern = ''] = /^(\w+) with (.+)$/.exec(argument) ?? unknown(argument);
  const numbers = new Set([...pattern.matchAll(/(\w+):long/g)].map(([, name]) => name));
  const found = Object.entries(parsed(pattern, textOf(row[column])) ?? {});
  return {
    ...row,
    ...Object.fromEntries(
      found.map(([name, text]) => [name, numbers.has(name) ? Number(text) : text]),
    ),
  };
}

function extended(argument: string, row: Row): Row {
  const added = partsOf(argument).map((part) => {
    const [, name = '', column = '', key = ''] =
      /^(\w+) = tostring\((\w+)\.(\w+)\)$/.exec(part) ?? unknown(part);
    const bag = row[column];
    return [name, typeof bag === 'object' && !(bag instanceof Date) ? (bag[key] ?? '') : ''];
  });
  return { ...row, ...(Object.fromEntries(added) as Row) };
}

/** The columns by which a row is grouped. */
function keysOf(groups: string, row: Row): Row {
  const keys = partsOf(groups).map((part): [string, Value] => {
    const [, column = '', size = ''] = /^bin\((\w+), (\w+)\)$/.exec(part) ?? ['', part];
    const value = row[column] ?? unknown(part);
    if (size === '') return [column, value];
    const length = sizes[size] ?? unknown(part);
    return [column, new Date(Math.floor(Number(comparable(value)) / length) * length)];
  });
  return Object.fromEntries(keys);
}

/** What an aggregation makes of the rows of a group. */
function aggregated(part: string, rows: readonly Row[]): Row {
  const [, name = '', call = '', argument = ''] =
    /^(?:(\w+) = )?(\w+)\((.*)\)$/.exec(part) ?? unknown(part);
  const [column = '', ...others] = partsOf(argument);
  const values = rows.map((row) => row[column]);
  const largest = rows.reduce((best, row) =>
    comparable(row[column]) > comparable(best[column]) ? row : best,
  );
  switch (call) {
    case 'count':
      return { [name]: rows.length };
    case 'sum':
      return { [name]: values.reduce((sum: number, value) => sum + Number(value), 0) };
    case 'max':
      return { [name]: largest[column] ?? '' };
    case 'arg_max':
      return Object.fromEntries([column, ...others].map((one) => [one, largest[one] ?? '']));
    default:
      return unknown(part);
  }
}

function summarized(argument: string, rows: readonly Row[]): Row[] {
  const [aggregations = '', groups = ''] = argument.split(' by ');
  const groupOf = (row: Row): string =>
    JSON.stringify(Object.values(keysOf(groups, row)).map(comparable));
  return [...new Set(rows.map(groupOf))].map((group) => {
    const own = rows.filter((row) => groupOf(row) === group);
    const [first = {}] = own;
    const results = partsOf(aggregations).map((part) => aggregated(part, own));
    return Object.assign(keysOf(groups, first), ...results) as Row;
  });
}

function ordered(argument: string, rows: readonly Row[]): Row[] {
  const [, column = '', direction] = /^by (\w+) (asc|desc)$/.exec(argument) ?? unknown(argument);
  const sign = direction === 'asc' ? 1 : -1;
  return [...rows].sort((a, b) => {
    const [one, other] = [comparable(a[column]), comparable(b[column])];
    return one === other ? 0 : one < other ? -sign : sign;
  });
}

const projected = (argument: string, row: Row): Row =>
  Object.fromEntries(partsOf(argument).map((name) => [name, row[name] ?? unknown(name)]));

/**
 * The rows that a query results in, as far as the workbook's queries need it.
 * @throws Error for any part of Kusto that is not evaluated here
 */
export function kustoRows(query: string, tables: Record<string, readonly Row[]>): Row[] {
  const [table = '', ...steps] = query.split(' | ').map((step) => step.trim());
  return steps.reduce<Row[]>(
    (rows, step) => {
      const [, operator, argument = ''] = /^(\w+) ([^]+)$/.exec(step) ?? unknown(step);
      switch (operator) {
        case 'where':
          return rows.filter((row) => isKept(argument, row));
        case 'parse':
          return rows.map((row) => withParsed(argument, row));
        case 'extend':
          return rows.map((row) => extended(argument, row));
        case 'summarize':
          return summarized(argument, rows);
        case 'project':
          return rows.map((row) => projected(argument, row));
        case 'order':
          return ordered(argument, rows);
        default:
          return unknown(step);
      }
    },
    [...(tables[table] ?? unknown(table))],
  );
}
