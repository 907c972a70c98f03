import { app } from '@azure/functions';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appFolder } from '../../app-folder';
import { brandStyle } from '../../core/brand-colours';
import { escapeHtml } from '../../core/html';
import { completed, fallbackLocale, type Catalog, type Locales } from '../../core/i18n/translator';
import type { Logo, Settings } from '../../ports';
import { withProblemDetails, HttpProblem, pageHeaders, securityHeaders } from '../shared/http';
import { staticFile } from '../shared/static';

/** A file of the portal's pages. */
interface PageFile {
  route: string;
  /** Below `web/portal`. */
  file: string;
  type: 'text/html' | 'text/css' | 'text/javascript' | 'image/svg+xml';
  trustedTypes?: readonly string[];
}

const files: readonly PageFile[] = [
  { route: 'portal', file: 'index.html', type: 'text/html' },
  { route: 'portal/portal.css', file: 'portal.css', type: 'text/css' },
  { route: 'portal/portal.js', file: 'portal.js', type: 'text/javascript' },
  { route: 'portal/icon.svg', file: 'icon.svg', type: 'image/svg+xml' },
  // HTML emails are sanitised and put into frames.
  {
    route: 'portal/open',
    file: 'open.html',
    type: 'text/html',
    trustedTypes: ['dompurify', 'mail'],
  },
  { route: 'portal/open.js', file: 'open.js', type: 'text/javascript' },
  { route: 'portal/viewer.css', file: '../viewer/viewer.css', type: 'text/css' },
];

/** The page on which people ask for their data. It solves its puzzle in a worker. */
const intakeFiles: readonly PageFile[] = [
  {
    route: 'portal/request',
    file: 'request.html',
    type: 'text/html',
    trustedTypes: ['puzzle'],
  },
  { route: 'portal/request.js', file: 'request.js', type: 'text/javascript' },
  { route: 'portal/puzzle.js', file: 'puzzle.js', type: 'text/javascript' },
];

/** Sections of a message catalog that the portal's pages use; the page that shows the data has one more. */
const sections = ['shared', 'portal', 'report', 'processing'];
const sectionsOfViewer = [...sections, 'viewer'];
const part = (catalog: Catalog, names: readonly string[]): Catalog => ({
  name: catalog.name,
  ...Object.fromEntries(names.map((section) => [section, catalog[section] ?? {}])),
});

/** What the pages are made of. */
export interface PortalPages {
  locales: Locales;
  /** The origin of packages. */
  packageOrigin: string;
  logo: Logo | null;
  settings: Pick<Settings, 'branding' | 'intake' | 'law'>;
}

/** The portal's pages. They load from their own origin only, except for the package. */
export function registerPortalPages({ locales, packageOrigin, logo, settings }: PortalPages): void {
  const facts = escapeHtml(JSON.stringify(factsOf(locales, settings)));
  for (const one of settings.intake === null ? files : [...files, ...intakeFiles])
    registerFile(one, facts, packageOrigin);
  registerLanguages(locales);
  app.http('portalBrand', {
    route: 'portal/brand.css',
    methods: ['GET', 'HEAD'],
    authLevel: 'anonymous',
    handler: staticFile(Buffer.from(brandStyle(settings.branding.colour)), {
      ...pageHeaders({ connect: [packageOrigin] }),
      'Content-Type': 'text/css; charset=utf-8',
    }),
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

/** What a page shows before it has asked for anything. */
const factsOf = (
  locales: Locales,
  { branding, intake, law }: PortalPages['settings'],
): Record<string, unknown> => ({
  controller: branding.controllerName,
  contact: branding.controllerContact,
  authority: branding.supervisoryAuthority,
  hasLogo: branding.hasLogo,
  hasIntake: intake !== null,
  law,
  languages: Object.fromEntries(Object.entries(locales).map(([tag, { name }]) => [tag, name])),
});

/** @param facts what stands in place of `{{facts}}` in a page, escaped */
function registerFile(
  { route, file, type, trustedTypes = [] }: PageFile,
  facts: string,
  packageOrigin: string,
): void {
  const content = readFileSync(join(appFolder, 'web/portal', file));
  const isPage = type === 'text/html';
  app.http(`page-${route.replaceAll(/[/.]/g, '-')}`, {
    route,
    methods: ['GET', 'HEAD'],
    authLevel: 'anonymous',
    handler: staticFile(
      isPage ? Buffer.from(content.toString('utf8').replace('{{facts}}', () => facts)) : content,
      {
        ...pageHeaders({ connect: [packageOrigin], trustedTypes }),
        'Content-Type': `${type}; charset=utf-8`,
      },
    ),
  });
}

/** The texts of the pages: of one language, which a page loads when it needs them, and of all. */
function registerLanguages(locales: Locales): void {
  const english = locales[fallbackLocale];
  // A page loads one language, which must lack nothing.
  const catalogs = Object.entries(locales).map(([tag, catalog]): [string, Catalog] => [
    tag,
    english ? completed(catalog, english) : catalog,
  ]);
  app.http('portalLanguages', {
    route: 'portal/languages.json',
    methods: ['GET', 'HEAD'],
    authLevel: 'anonymous',
    handler: staticJson(
      Object.fromEntries(catalogs.map(([tag, catalog]) => [tag, part(catalog, sectionsOfViewer)])),
    ),
  });
  const handlers = new Map(
    catalogs.map(([tag, catalog]) => [tag, staticJson(part(catalog, sections))]),
  );
  app.http('portalLanguage', {
    route: 'portal/languages/{tag}',
    methods: ['GET', 'HEAD'],
    authLevel: 'anonymous',
    handler: withProblemDetails((request) => {
      const handler = handlers.get(request.params['tag'] ?? '');
      if (!handler) throw new HttpProblem(404, 'languageNotFound', 'There is no such language.');
      return Promise.resolve(handler(request));
    }),
  });
}

const staticJson = (content: object): ReturnType<typeof staticFile> =>
  staticFile(Buffer.from(JSON.stringify(content)), {
    ...securityHeaders,
    'Content-Type': 'application/json; charset=utf-8',
  });
