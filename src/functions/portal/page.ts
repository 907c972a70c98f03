import { app } from '@azure/functions';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logo } from '../../adapters/messaging/notifier';
import type { Locales, Catalog } from '../../core/i18n/translator';
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

/** What of a language the portal's pages say. */
const sections = ['portal', 'report', 'viewer'] as const;
const forPortal = (words: Catalog): Catalog => ({
  name: words.name,
  ...Object.fromEntries(sections.map((section) => [section, words[section] ?? {}])),
});

/**
 * The portal's pages. What they load is their own, but for the package, which is on another origin.
 * @param storageOrigin where packages are
 */
export function registerPortalPages(
  languages: Locales,
  storageOrigin: string,
  logo: Logo | null,
): void {
  for (const [route, file, type] of files) {
    const content = readFileSync(join(__dirname, '../../web/portal', file));
    app.http(`page-${route.replaceAll(/[/.]/g, '-')}`, {
      route,
      methods: ['GET', 'HEAD'],
      authLevel: 'anonymous',
      handler: () => ({
        status: 200,
        headers: {
          ...pageHeaders([storageOrigin], route === 'portal/open'),
          'Content-Type': `${type}; charset=utf-8`,
        },
        body: content,
      }),
    });
  }
  const words = Object.fromEntries(
    Object.entries(languages).map(([tag, one]) => [tag, forPortal(one)]),
  );
  app.http('portalLanguages', {
    route: 'portal/languages.json',
    methods: ['GET', 'HEAD'],
    authLevel: 'anonymous',
    handler: () => jsonResponse(200, words),
  });
  app.http('portalLogo', {
    route: 'portal/logo',
    methods: ['GET', 'HEAD'],
    authLevel: 'anonymous',
    handler: withProblemDetails(() => {
      if (logo === null) throw new HttpProblem(404, 'noLogo', 'There is no logo.');
      const type = { 'Content-Type': logo.contentType };
      return Promise.resolve({
        status: 200,
        headers: { ...securityHeaders, ...type },
        body: logo.content,
      });
    }),
  });
}
