import { app } from '@azure/functions';
import { escapeHtml } from '../../core/package/availability-report';
import { apiOperations, openApiDocument, type ApiOperation } from '../../core/api/openapi';
import { withProblemDetails, jsonResponse, pageHeaders } from '../shared/http';

/** `GET /api/openapi.json`, and the same as a page to read under `/api/docs`. */
export function registerApiDescription(origin: string, version: string): void {
  const document = openApiDocument(origin, version);
  app.http('openApiDocument', {
    route: 'api/openapi.json',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: withProblemDetails(() => Promise.resolve(jsonResponse(200, document))),
  });
  const html = pageOf(document);
  app.http('apiPage', {
    route: 'api/docs',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: withProblemDetails(() =>
      Promise.resolve({
        status: 200,
        headers: { ...pageHeaders([]), 'Content-Type': 'text/html; charset=utf-8' },
        body: html,
      }),
    ),
  });
}

/** Plain HTML: nothing is loaded but the portal's style sheet, nothing runs. */
function pageOf(document: object): string {
  const { paths } = document as { paths: Record<string, Record<string, OperationDocument>> };
  const sections = apiOperations.map((operation) =>
    sectionOf(operation, paths[operation.path]?.[operation.method]),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>API: data portability for Genesys Cloud</title>
<link rel="stylesheet" href="/portal/portal.css">
</head>
<body>
<main>
<h1>API</h1>
<p>The same as a document for programs: <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
<p>The ticketing system sends <code>x-functions-key</code>. Officers and programs of the company send
<code>Authorization: Bearer …</code> with a token of the directory, in which an app role says what they may
do. Refusals are problem details (RFC 9457) with a <code>code</code> that stays.</p>
${sections.join('\n')}
</main>
</body>
</html>
`;
}

interface OperationDocument {
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string }>;
}

function sectionOf(operation: ApiOperation, document: OperationDocument | undefined): string {
  const { id, method, path, summary, access, example } = operation;
  const who = { key: 'function key', nobody: 'anybody' }[access as 'key'] ?? `role ${access}`;
  const schema = document?.requestBody?.content['application/json']?.schema;
  const code = (value: object): string =>
    `<pre><code>${escapeHtml(JSON.stringify(value, null, 2))}</code></pre>`;
  const answers = Object.entries(document?.responses ?? {}).map(
    ([status, { description }]) =>
      `<dt>${escapeHtml(status)}</dt><dd>${escapeHtml(description)}</dd>`,
  );
  return `<section id="${escapeHtml(id)}">
<h2><code>${method.toUpperCase()} ${escapeHtml(path)}</code></h2>
<p>${escapeHtml(summary)} (${escapeHtml(who)})</p>
${example ? `<h3>Body</h3>${code(example)}` : ''}
${schema ? `<details><summary>Schema of the body</summary>${code(schema)}</details>` : ''}
<dl>${answers.join('')}</dl>
</section>`;
}
