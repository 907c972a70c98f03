import { missingColumns } from './availability-csv';
import { conversationColumns, type Column } from './csv-columns';
import { dataSets, type DataSet } from './data-sets';

/** Version of the package's format. It grows when something that a reader relies on changes. */
export const packageFormatVersion = '1.0.0';

/** Table Schema (https://datapackage.org/standard/table-schema/). */
const tableSchema = (columns: readonly Column[]): object => ({
  $schema: 'https://datapackage.org/profiles/2.0/tableschema.json',
  fields: columns.map(({ name, type, description }) => ({
    name,
    type,
    ...(type === 'datetime' ? { format: 'any' } : {}),
    description,
  })),
  missingValues: [''],
});

const table = (
  name: string,
  path: string,
  description: string,
  columns: readonly Column[],
): object => ({
  name,
  path,
  type: 'table',
  format: 'csv',
  mediatype: 'text/csv',
  encoding: 'utf-8',
  description,
  schema: tableSchema(columns),
});

export interface PackageFacts {
  requestId: string;
  createdAt: string;
  controller: string;
}

/**
 * Makes `datapackage.json` (Data Package v2, https://datapackage.org/standard/data-package/): the
 * tables with their columns, and each set of data with its legal category and origin. The copies for
 * spreadsheets are no resources: readers of tables take neither their byte order mark nor their separator.
 */
export function dataPackage({ requestId, createdAt, controller }: PackageFacts): object {
  return {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: `personal-data-${requestId}`,
    title: `Your data at ${controller}`,
    version: packageFormatVersion,
    created: createdAt,
    contributors: [{ title: controller, roles: ['controller'] }],
    resources: [...tables, ...dataSets.filter(({ path }) => !path.includes('*')).map(resourceOf)],
    dataSets: dataSets.map(({ path, schema, ...dataSet }) => ({
      ...dataSet,
      pattern: path,
      ...(schema === undefined ? {} : { jsonSchema: schema }),
    })),
  };
}

const tables: readonly object[] = [
  table('conversations', 'data/conversations.csv', 'Every conversation', conversationColumns),
  {
    name: 'conversations-json',
    path: 'data/conversations.json',
    format: 'json',
    mediatype: 'application/json',
    description: 'The same rows as JSON',
    jsonSchema: 'schemas/conversations.schema.json',
  },
  table('missing', 'availability-report.csv', 'What is not in this package', missingColumns),
];

const resourceOf = (dataSet: DataSet): object => {
  const { name, title, path, schema, articles, provenance, source } = dataSet;
  return {
    name,
    title,
    path,
    format: 'json',
    mediatype: 'application/json',
    articles,
    provenance,
    sources: [{ title: source }],
    ...(schema === undefined ? {} : { jsonSchema: schema }),
  };
};
