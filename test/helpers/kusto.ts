/** The part of Kusto's language service that is used here. */
interface LanguageService {
  GlobalState: { Default: GlobalState };
  KustoCode: {
    ParseAndAnalyze(text: string, globals: GlobalState): { GetDiagnostics(): Diagnostics };
  };
  Symbols: {
    TableSymbol: { $ctor7: new (name: string, schema: string, description: null) => object };
    DatabaseSymbol: { ctor: new (name: string, members: object[]) => object };
  };
}
interface GlobalState {
  WithDatabase(database: object): GlobalState;
}
interface Diagnostics {
  Count: number;
  getItem(index: number): { Message: string; Severity: string; Start: number };
}

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

/**
 * What is wrong with a query, by Kusto's own language service: its syntax, and tables, columns and
 * functions that do not exist.
 */
export function kustoProblems(query: string): string[] {
  language ??= loadLanguage();
  const { GlobalState, KustoCode, Symbols } = language;
  const symbols = Object.entries(tables).map(([name, columns]) => {
    const schema = Object.entries(columns).map(([column, type]) => `${column}: ${type}`);
    return new Symbols.TableSymbol.$ctor7(name, `(${schema.join(', ')})`, null);
  });
  const globals = GlobalState.Default.WithDatabase(
    new Symbols.DatabaseSymbol.ctor('logs', symbols),
  );
  const found = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
  return Array.from({ length: found.Count }, (_, index) => {
    const { Message, Start } = found.getItem(index);
    return `${Message} (at ${Start})`;
  });
}
