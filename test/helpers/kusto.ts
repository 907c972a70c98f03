/** The part of Kusto's language service that is used here. */
interface LanguageService {
  GlobalState: { Default: GlobalState };
  KustoCode: {
    ParseAndAnalyze(text: string, globals: GlobalState): Analysed;
  };
  Symbols: {
    TableSymbol: { $ctor7: new (name: string, schema: string, description: null) => object };
    DatabaseSymbol: { ctor: new (name: string, members: object[]) => object };
  };
}
interface Analysed {
  GetDiagnostics(): Diagnostics;
  /** The table that the query results in. */
  ResultType: { Columns: List<{ Name: string; Type: { Name: string } }> };
}
interface List<T> {
  Count: number;
  getItem(index: number): T;
}
interface GlobalState {
  WithDatabase(database: object): GlobalState;
}
type Diagnostics = List<{ Message: string; Severity: string; Start: number }>;

/** Columns that every table of Application Insights has, as far as they are documented. */
const ofApplicationInsights = {
  TimeGenerated: 'datetime',
  OperationName: 'string',
  OperationId: 'string',
  ParentId: 'string',
  AppRoleName: 'string',
  AppRoleInstance: 'string',
  AppVersion: 'string',
  SDKVersion: 'string',
  ItemCount: 'int',
  Properties: 'dynamic',
  Type: 'string',
};

/** https://learn.microsoft.com/azure/azure-monitor/reference/tables/storagebloblogs */
const storageBlobLogs = {
  TimeGenerated: 'datetime',
  AccountName: 'string',
  Protocol: 'string',
  OperationName: 'string',
  AuthenticationType: 'string',
  StatusCode: 'string',
  StatusText: 'string',
  DurationMs: 'real',
  ServerLatencyMs: 'real',
  Uri: 'string',
  CallerIpAddress: 'string',
  CorrelationId: 'string',
  ObjectKey: 'string',
  OperationCount: 'int',
  RequestBodySize: 'long',
  ResponseBodySize: 'long',
  UserAgentHeader: 'string',
  ReferrerHeader: 'string',
  Category: 'string',
};

/** Tables of the workspace that the app's logs go to, and the one that a transformation reads. */
const tables: Record<string, Record<string, string>> = {
  AppTraces: { ...ofApplicationInsights, Message: 'string', SeverityLevel: 'int' },
  AppMetrics: {
    ...{ ...ofApplicationInsights, Name: 'string' },
    ...{ Sum: 'real', Min: 'real', Max: 'real' },
  },
  AppRequests: {
    ...{ ...ofApplicationInsights, Id: 'string', Name: 'string', Url: 'string' },
    ...{ ResultCode: 'string', Success: 'bool', DurationMs: 'real', Source: 'string' },
  },
  StorageBlobLogs: storageBlobLogs,
  source: storageBlobLogs,
};

function loadLanguage(): LanguageService {
  jest.requireActual('@kusto/language-service-next/bridge.js');
  jest.requireActual('@kusto/language-service-next');
  const { Kusto } = globalThis as unknown as { Kusto: { Language: LanguageService } };
  return Kusto.Language;
}
let language: LanguageService | undefined;

function analysed(query: string): Analysed {
  language ??= loadLanguage();
  const { GlobalState, KustoCode, Symbols } = language;
  const symbols = Object.entries(tables).map(([name, columns]) => {
    const schema = Object.entries(columns).map(([column, type]) => `${column}: ${type}`);
    return new Symbols.TableSymbol.$ctor7(name, `(${schema.join(', ')})`, null);
  });
  const globals = GlobalState.Default.WithDatabase(
    new Symbols.DatabaseSymbol.ctor('logs', symbols),
  );
  return KustoCode.ParseAndAnalyze(query, globals);
}

const listed = <T>(list: List<T>): T[] =>
  Array.from({ length: list.Count }, (_, index) => list.getItem(index));

/**
 * What is wrong with a query, by Kusto's own language service: its syntax, and tables, columns and
 * functions that do not exist.
 */
export const kustoProblems = (query: string): string[] =>
  listed(analysed(query).GetDiagnostics()).map(({ Message, Start }) => `${Message} (at ${Start})`);

/** The columns that a query results in, in their order, and their types, by the same service. */
export const kustoColumns = (query: string): [name: string, type: string][] =>
  listed(analysed(query).ResultType.Columns).map(({ Name, Type }) => [Name, Type.Name]);
