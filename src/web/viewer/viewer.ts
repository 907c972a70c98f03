import type { ViewerIndex } from '../../core/package/viewer-index';
import type { ViewerTexts } from '../../core/package/viewer-texts';
import type { Locales } from '../../core/i18n/translator';
import { make } from '../shared/dom';
import { showPackage } from './timeline';

/**
 * The viewer of an unpacked package, opened from disk. It loads script files only and calls no server.
 */
const data = ((globalThis as { viewerData?: Record<string, unknown> }).viewerData ??= {});
const index = data['index'] as ViewerIndex | undefined;
const locales = data['languages'] as Locales | undefined;

const pages = new Map<string, Promise<ViewerTexts[]>>();

/** Loads the texts of a part of the package from its script. */
function loadPage(name: string): Promise<ViewerTexts[]> {
  let loading = pages.get(name);
  if (!loading) {
    loading = new Promise((done, fail) => {
      const failure = (): void => {
        const messages = locales?.[document.documentElement.lang]?.['viewer'] as
          Record<string, string> | undefined;
        fail(new Error(messages?.['missing'] ?? 'This part is missing.'));
      };
      const script = make('script', { src: name });
      script.addEventListener('load', () => {
        const texts = data[name] as ViewerTexts[] | undefined;
        if (texts) done(texts);
        else failure();
      });
      script.addEventListener('error', failure);
      document.head.append(script);
    });
    pages.set(name, loading);
  }
  return loading;
}

const app = document.getElementById('app');
if (app && index && locales) {
  document.getElementById('unpack')?.remove();
  app.hidden = false;
  showPackage(app, {
    index,
    locales,
    texts: loadPage,
    media: { kind: 'address', of: (file) => file },
  });
}
