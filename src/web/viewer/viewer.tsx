import type { Locales } from '../../core/i18n/translator';
import type { ViewerIndex } from '../../core/package/viewer-index';
import { showPackage } from './app';

/**
 * The viewer of an unpacked package, opened from disk. It loads script files only and calls no server.
 */
const data = ((globalThis as { viewerData?: Record<string, unknown> }).viewerData ??= {});
const index = data['index'] as ViewerIndex | undefined;
const locales = data['languages'] as Locales | undefined;

/** The value of a script beside the page; the page does not keep it. */
function loadScript(file: string): Promise<unknown> {
  return new Promise((done, fail) => {
    const script = document.createElement('script');
    const end = (isLoaded: boolean): void => {
      const value = data[file];
      Reflect.deleteProperty(data, file);
      script.remove();
      if (isLoaded && value !== undefined) done(value);
      else fail(new Error('A script of the package cannot be read.'));
    };
    script.addEventListener('load', () => end(true));
    script.addEventListener('error', () => end(false));
    script.src = file;
    document.head.append(script);
  });
}

const app = document.getElementById('app');
if (app && index && locales) {
  document.getElementById('unpack')?.remove();
  app.hidden = false;
  showPackage(app, {
    index,
    locales,
    script: loadScript,
    media: { kind: 'address', of: (file) => file },
  });
}
