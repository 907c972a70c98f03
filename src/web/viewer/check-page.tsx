import { BlobReader, configure } from '@zip.js/zip.js';
import type { JSONWebKeySet } from 'jose';
import type { ViewerIndex } from '../../core/package/viewer-index';
import { pickLocale, type Locales } from '../../core/i18n/translator';
import { browserHasher } from '../package-check/browser-hasher';
import { checkPackage } from '../package-check/check';
import { useSignal } from '@preact/signals';
import { render, type JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../shared/button';
import { LanguageChoice } from '../shared/choices';
import { Field } from '../shared/field';
import { useWords, WordsProvider, type Words } from '../shared/words';

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

function App({ known, first }: { known: Locales; first: string }): JSX.Element {
  const language = useSignal(first);
  return (
    <WordsProvider locales={known} tag={language.value}>
      <CheckForm
        choice={
          <LanguageChoice
            locales={known}
            chosen={language.value}
            choose={(tag) => (language.value = tag)}
            class="input"
          />
        }
        tag={language.value}
      />
    </WordsProvider>
  );
}

/** How far a check is, in no language. */
type CheckState =
  | { kind: 'idle' | 'unreadable' }
  | { kind: 'running'; done: number; all: number }
  | { kind: 'found'; found: Awaited<ReturnType<typeof checkPackage>> };

function resultLines(state: CheckState, { t }: Words): string[] {
  if (state.kind === 'unreadable') return [t('check.unreadable')];
  if (state.kind !== 'found') return [];
  const { problems, files, signer } = state.found;
  return problems.length > 0
    ? [t('check.problems'), ...problems]
    : [t('check.whole', { files }), t(signer === 'valid' ? 'check.signed' : 'check.unsigned')];
}

function CheckForm({ choice, tag }: { choice: JSX.Element; tag: string }): JSX.Element {
  const words = useWords();
  const { t } = words;
  const file = useRef<HTMLInputElement>(null);
  const passphrase = useRef<HTMLInputElement>(null);
  const keys = useRef<HTMLInputElement>(null);
  const state = useSignal<CheckState>({ kind: 'idle' });
  useEffect(() => {
    document.documentElement.lang = tag;
    document.title = t('check.title');
  }, [tag]);
  const check = async (): Promise<void> => {
    const chosen = file.current?.files?.[0];
    if (!chosen) {
      file.current?.focus();
      return;
    }
    try {
      const found = await checkPackage(
        new BlobReader(chosen),
        passphrase.current?.value.trim() ?? '',
        await keysOf(keys.current?.files?.[0]),
        browserHasher,
        (done, all) => (state.value = { kind: 'running', done, all }),
      );
      state.value = { kind: 'found', found };
    } catch {
      state.value = { kind: 'unreadable' };
    }
  };
  const now = state.value;
  return (
    <main class="check">
      <h1>{t('check.title')}</h1>
      <p>{t('check.text')}</p>
      <Field
        label={t('check.file')}
        control={(attributes) => <input {...attributes} ref={file} type="file" accept=".zip" />}
      />
      <Field
        label={t('check.passphrase')}
        control={(attributes) => (
          <input
            {...attributes}
            ref={passphrase}
            type="text"
            autocomplete="off"
            spellcheck={false}
          />
        )}
      />
      <Field
        label={t('check.keys')}
        hint={t('check.keysHint', { address: index?.keysAddress ?? '' })}
        control={(attributes) => <input {...attributes} ref={keys} type="file" accept=".json" />}
      />
      <Button kind="primary" run={check}>
        {t('check.start')}
      </Button>
      {/* Every file is seen; what is read out is the result alone. */}
      {now.kind === 'running' && <p>{t('check.running', { done: now.done, all: now.all })}</p>}
      <div role="status">
        {resultLines(now, words).map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      <label class="field">
        {t('viewer.language')}
        {choice}
      </label>
    </main>
  );
}

const app = document.getElementById('app');
if (app && locales) {
  document.getElementById('unpack')?.remove();
  app.hidden = false;
  const first = pickLocale([index?.locale ?? '', ...navigator.languages], locales);
  render(<App known={locales} first={first} />, app);
}
