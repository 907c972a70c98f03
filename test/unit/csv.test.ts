import { csv, spreadsheetCsv } from '../../src/core/package/csv';
import { withoutFormula, type Column } from '../../src/core/package/csv-columns';
import { dataPackage } from '../../src/core/package/datapackage';

const columns: Column[] = [
  { name: 'number', type: 'integer', description: '' },
  { name: 'queue', type: 'string', description: '' },
];
const rows = [
  { number: 1, queue: 'Orders; Billing' },
  { number: 2, queue: '=1+1, "x"' },
];

describe('a table', () => {
  it('for machines has commas, no byte order mark, and its values as they are', () => {
    expect(csv(columns, rows)).toBe('number,queue\r\n1,Orders; Billing\r\n2,"=1+1, ""x"""\r\n');
  });

  it.each(['de', 'fr', 'es', 'it', 'nl', 'de-AT', 'fr-FR'])(
    'for spreadsheets has semicolons where a comma is the sign of decimals: %s',
    (locale) => {
      expect(spreadsheetCsv(columns, rows, locale)).toBe(
        '\ufeffnumber;queue\r\n1;"Orders; Billing"\r\n2;"\'=1+1, ""x"""\r\n',
      );
    },
  );

  it.each(['en', 'en-GB', 'es-MX', 'no tag at all', ''])(
    'for spreadsheets has commas elsewhere: %j',
    (locale) => {
      expect(spreadsheetCsv(columns, rows, locale)).toBe(
        '\ufeffnumber,queue\r\n1,Orders; Billing\r\n2,"\'=1+1, ""x"""\r\n',
      );
    },
  );

  it('is a resource of the data package only where machines read it', () => {
    const { resources } = dataPackage({ requestId: 'r', createdAt: '', controller: 'c' }) as {
      resources: { name: string; path: string }[];
    };
    expect(resources.map(({ path }) => path).filter((path) => path.endsWith('.csv'))).toEqual([
      'data/conversations.csv',
      'availability-report.csv',
    ]);
  });
});

describe('a cell of a spreadsheet', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+49', "'+49"],
    ['-5', "'-5"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['  =1', "'  =1"],
    ['\t1', "'\t1"],
    ['＝1', "'＝1"],
    ['|calc', "'|calc"],
    ['%x', "'%x"],
    ['a;=1+1', "a;'=1+1"],
    ['a, =cmd', "a, '=cmd"],
    ['a\t@x', "a\t'@x"],
    ['a\r\n-x', "a\r\n'-x"],
    ['a;"=x', 'a;"\'=x'],
    ['Orders; Billing', 'Orders; Billing'],
    ['a=b - c', 'a=b - c'],
    ['2026-01-02T03:04:05+01:00', '2026-01-02T03:04:05+01:00'],
    ['', ''],
    [-5, -5],
    [null, null],
  ])('has no formula in any program, whatever its separator: %j', (value, expected) => {
    expect(withoutFormula(value)).toBe(expected);
  });
});
