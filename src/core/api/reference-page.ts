import { escapeHtml } from '../html';
import type { OpenApiDocument } from './openapi';
import { apiOperations, type ApiOperation } from './operations';

/** The API document as a page: plain HTML with the portal's style sheet and no script. */
export const apiReferencePage = (document: OpenApiDocument): string => `<!doctype html>
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
<p>For programs: <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
<p>The ticketing system sends <code>x-functions-key</code>. Officers and the company's programs send
<code>Authorization: Bearer …</code> with an access token of the directory; its app roles say what they may
do. Errors are problem details (RFC 9457) with a stable <code>code</code>.</p>
${apiOperations.map((operation) => sectionOf(operation, document)).join('\n')}
</main>
</body>
</html>
`;

function callerOf(access: ApiOperation['access']): string {
  if (access === 'key') return 'function key';
  return access === 'anonymous' ? 'anonymous' : `role ${access}`;
}

function sectionOf(operation: ApiOperation, { paths }: OpenApiDocument): string {
  const { id, method, path, summary, access, example } = operation;
  const described = paths[path]?.[method];
  const schema = described?.requestBody?.content['application/json']?.schema;
  const code = (value: object): string =>
    `<pre><code>${escapeHtml(JSON.stringify(value, null, 2))}</code></pre>`;
  const responses = Object.entries(described?.responses ?? {}).map(
    ([status, { description }]) =>
      `<dt>${escapeHtml(status)}</dt><dd>${escapeHtml(description)}</dd>`,
  );
  return `<section id="${escapeHtml(id)}">
<h2><code>${method.toUpperCase()} ${escapeHtml(path)}</code></h2>
<p>${escapeHtml(summary)} (${escapeHtml(callerOf(access))})</p>
${example ? `<h3>Body</h3>${code(example)}` : ''}
${schema ? `<details><summary>Schema of the body</summary>${code(schema)}</details>` : ''}
<dl>${responses.join('')}</dl>
</section>`;
}
