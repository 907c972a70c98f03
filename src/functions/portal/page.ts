import { app } from '@azure/functions';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appFolder } from '../../app-folder';
import type { Locales, Catalog } from '../../core/i18n/translator';
import type { Logo } from '../../ports';
import {
  withProblemDetails,
  HttpProblem,
  jsonResponse,
  pageHeaders,
  securityHeaders,
} from '../shared/http';

/** Files of the portal's pages, by their route. */
const files = [
  ['portal', 'index.html', 'text/html'],
  ['portal/portal.css', 'portal.css', 'text/css'],
  ['portal/portal.js', 'portal.js', 'text/javascript'],
  ['portal/icon.svg', 'icon.svg', 'image/svg+xml'],
  ['portal/open', 'open.html', 'text/html'],
  ['portal/open.js', 'open.js', 'text/javascript'],
  ['portal/viewer.css', '../viewer/viewer.css', 'text/css'],
] as const;

/** Sections of a message catalog that the portal's pages use. */
const sections = ['shared', 'portal', 'report', 'processing', 'viewer'] as const;
const forPortal = (catalog: Catalog): Catalog => ({
  name: catalog.name,
  ...Object.fromEntries(sections.map((section) => [section, catalog[section] ?? {}])),
});

/**
 * The portal's pages. They load from their own origin only, except for the package.
 * @param packageOrigin the origin of packages
 */
export function registerPortalPages(
  locales: Locales,
  packageOrigin: string,
  logo: Logo | null,
): void {
  for (const [route, file, type] of files) {
    const content = readFileSync(join(appFolder, 'web/portal', file));
    app.http(`page-${route.replaceAll(/[/.]/g, '-')}`, {
      route,
      methods: ['GET', 'HEAD'],
      authLevel: 'anonymous',
      handler: () => ({
        status: 200,
        headers: {
          ...pageHeaders({ connect: [packageOrigin], showsEmails: route === 'portal/open' }),
          'Content-Type': `${type}; charset=utf-8`,
        },
        body: content,
      }),
    });
  }
  const catalogs = Object.fromEntries(
    Object.entries(locales).map(([tag, catalog]) => [tag, forPortal(catalog)]),
  );
  app.http('portalLanguages', {
    route: 'portal/languages.json',
    methods: ['GET', 'HEAD'],
    authLevel: 'anonymous',
    handler: () => jsonResponse(200, catalogs),
  });
  app.http('portalLogo', {
    route: 'portal/logo',
    methods: ['GET', 'HEAD'],
    authLevel: 'anonymous',
    handler: withProblemDetails(() => {
      if (logo === null) throw new HttpProblem(404, 'logoNotConfigured', 'No logo is configured.');
      const type = { 'Content-Type': logo.contentType };
      return Promise.resolve({
        status: 200,
        headers: { ...securityHeaders, ...type },
        body: logo.content,
      });
    }),
  });
}
