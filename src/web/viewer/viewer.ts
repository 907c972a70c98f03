import type { ViewerIndex, ViewerTexts } from '../../core/package/viewer-data';
import type { Locales } from '../../core/i18n/translator';
import { make } from './dom';
import { showPackage } from './timeline';

/**
 * The viewer of an unpacked package, opened from disk. It reads script files only and asks no server
 * for anything.
 */
const data = ((globalThis as { viewerData?: Record<string, unknown> }).viewerData ??= {});
const index = data['index'] as ViewerIndex | undefined;
const languages = data['languages'] as Locales | undefined;

const pages = new Map<string, Promise<ViewerTexts[]>>();

/** Texts of a part of the package, from its script. */
function loadPage(name: string): Promise<ViewerTexts[]> {
  let loading = pages.get(name);
  if (!loading) {
    loading = new Promise((done, fail) => {
      const failure = (): void => {
        const say = languages?.[document.documentElement.lang]?.['viewer'] as
          Record<string, string> | undefined;
        fail(new Error(say?.['missing'] ?? 'This part is missing.'));
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
if (app && index && languages) {
  document.getElementById('unpack')?.remove();
  app.hidden = false;
  showPackage(app, {
    index,
    languages,
    texts: loadPage,
    media: { kind: 'address', of: (file) => file },
  });
}
