import { BlobReader, configure } from '@zip.js/zip.js';
import type { JSONWebKeySet } from 'jose';
import type { ViewerIndex } from '../../core/package/viewer-index';
import { pickLocale, translator, type Locales } from '../../core/i18n/translator';
import { browserHasher } from '../package-check/browser-hasher';
import { checkPackage } from '../package-check/check';
import { button, labelled, languageChoice, make } from '../shared/dom';

/**
 * Checks a package offline: `verify-package` without a command line. The signer's keys come from a file
 * that the person fetches, because a package cannot vouch for itself and a page opened from disk may
 * call no server.
 */
configure({ useWebWorkers: false });

const data = (globalThis as { viewerData?: Record<string, unknown> }).viewerData ?? {};
const index = data['index'] as ViewerIndex | undefined;
const locales = data['languages'] as Locales | undefined;

async function keysOf(file: File | undefined): Promise<JSONWebKeySet | null> {
  return file === undefined ? null : (JSON.parse(await file.text()) as JSONWebKeySet);
}

function build(app: HTMLElement, known: Locales, language: string): void {
  const { t } = translator(known, language);
  document.documentElement.lang = language;
  document.title = t('check.title');
  const file = make('input', { type: 'file', accept: '.zip', required: '' });
  const passphrase = make('input', { type: 'text', autocomplete: 'off', spellcheck: 'false' });
  const keys = make('input', { type: 'file', accept: '.json' });
  const result = make('div', { role: 'status' });
  const show = (...lines: string[]): void =>
    result.replaceChildren(...lines.map((line) => make('p', {}, line)));
  const check = async (): Promise<void> => {
    const [chosen] = file.files ?? [];
    if (!chosen) {
      file.focus();
      return;
    }
    try {
      const found = await checkPackage(
        new BlobReader(chosen),
        passphrase.value.trim(),
        await keysOf(keys.files?.[0]),
        browserHasher,
        (done, all) => show(t('check.running', { done, all })),
      );
      if (found.problems.length > 0) show(t('check.problems'), ...found.problems);
      else
        show(
          t('check.whole', { files: found.files }),
          t(found.signer === 'valid' ? 'check.signed' : 'check.unsigned'),
        );
    } catch {
      show(t('check.unreadable'));
    }
  };
  const start = button(t('check.start'), () => {
    start.disabled = true;
    void check().finally(() => (start.disabled = false));
  });
  app.replaceChildren(
    make('header', {}, make('h1', {}, t('check.title'))),
    make(
      'main',
      { class: 'check' },
      make('p', {}, t('check.text')),
      labelled(t('check.file'), file),
      labelled(t('check.passphrase'), passphrase),
      labelled(t('check.keys'), keys),
      make('p', {}, t('check.keysHint', { address: index?.keysAddress ?? '' })),
      make('p', { class: 'tools' }, start),
      result,
      labelled(
        t('viewer.language'),
        languageChoice(known, language, (tag) => build(app, known, tag)),
      ),
    ),
  );
}

const app = document.getElementById('app');
if (app && locales) {
  document.getElementById('unpack')?.remove();
  app.hidden = false;
  build(app, locales, pickLocale([index?.locale ?? '', ...navigator.languages], locales));
}
