import { app } from '@azure/functions';
import { openApiDocument } from '../../core/api/openapi';
import { apiReferencePage } from '../../core/api/reference-page';
import { lazy } from '../../core/lazy';
import { withProblemDetails, jsonResponse, pageHeaders } from '../shared/http';

/** `GET /api/openapi.json`, and the same as a page under `/api/docs`. */
export function registerApiDescription(origin: string, version: string): void {
  // Schemas of every call: made for whoever asks, and not whenever the app is loaded.
  const document = lazy(() => openApiDocument(origin, version));
  app.http('openApiDocument', {
    route: 'api/openapi.json',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: withProblemDetails(() => Promise.resolve(jsonResponse(200, document()))),
  });
  const html = lazy(() => apiReferencePage(document()));
  app.http('apiPage', {
    route: 'api/docs',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: withProblemDetails(() =>
      Promise.resolve({
        status: 200,
        headers: { ...pageHeaders(), 'Content-Type': 'text/html; charset=utf-8' },
        body: html(),
      }),
    ),
  });
}
