import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { PackageCheck } from '../package-check/check';
import { request } from '../shared/api';
import { Bar } from '../shared/bars';
import { Button } from '../shared/button';
import { Field } from '../shared/field';
import { Note } from '../shared/labels';
import { useWords } from '../shared/words';
import { Arrivals } from './arrivals';
import type * as Checker from './package-checker';

/** Where the check stands; it is loaded when it is needed. */
const checkerAddress = '/portal/officer-check.js';
const keysAddress = '/.well-known/jwks.json';

/** The check itself; null where it cannot be loaded. */
const loadChecker = async (): Promise<typeof Checker | null> =>
  import(checkerAddress).then(
    (module) => module as typeof Checker,
    () => null,
  );

type CheckKeys = Parameters<typeof Checker.checkFile>[0]['keys'];

/** What the check of a file says; `noCheck` when it could not be made, which says nothing of the file. */
async function checked(
  file: File,
  passphrase: string,
  progress: (done: number, all: number) => void,
): Promise<PackageCheck | 'unreadable' | 'noCheck'> {
  const checker = await loadChecker();
  if (checker === null) return 'noCheck';
  const keys = await request<CheckKeys>('GET', keysAddress).catch(() => null);
  return checker.checkFile({ file, passphrase, keys, progress }).catch(() => 'unreadable' as const);
}

/** Checks a package on this device: nothing of it is sent. */
export function CheckPage(): JSX.Element {
  const { t } = useWords();
  const file = useRef<HTMLInputElement>(null);
  const passphrase = useSignal('');
  const progress = useSignal<{ done: number; all: number } | null>(null);
  const result = useSignal<PackageCheck | 'unreadable' | 'noCheck' | 'noFile' | null>(null);
  const arrivals = useMemo(() => new Arrivals(), []);
  const check = async (): Promise<void> => {
    const chosen = file.current?.files?.[0];
    result.value = chosen ? null : 'noFile';
    if (!chosen) return;
    const isNews = arrivals.ask();
    const found = await checked(chosen, passphrase.value.trim(), (done, all) => {
      if (isNews()) progress.value = { done, all };
    });
    if (!isNews()) return;
    result.value = found;
    progress.value = null;
  };
  /** What was found of something else says nothing of what is to be checked now. */
  const forget = (): void => {
    arrivals.forget();
    result.value = null;
    progress.value = null;
  };
  return (
    <section class="check-page" aria-labelledby="check">
      <h1 id="check" tabIndex={-1}>
        {t('officer.nav.check')}
      </h1>
      <p class="lead">{t('officer.check.text')}</p>
      <div class="card form">
        <Field
          label={t('officer.check.file')}
          error={result.value === 'noFile' ? t('officer.check.noFile') : undefined}
          control={(attributes) => (
            <input {...attributes} ref={file} type="file" accept=".zip" onChange={forget} />
          )}
        />
        <Field
          label={t('officer.check.passphrase')}
          control={(attributes) => (
            <input
              {...attributes}
              type="text"
              autocomplete="off"
              spellcheck={false}
              value={passphrase.value}
              onInput={({ currentTarget }) => {
                passphrase.value = currentTarget.value;
                forget();
              }}
            />
          )}
        />
        <div class="buttons">
          <Button kind="primary" run={check}>
            {t('officer.check.start')}
          </Button>
        </div>
        <div role="status">
          {progress.value && <Progress {...progress.value} />}
          {result.value !== null && result.value !== 'noFile' && <Result result={result.value} />}
        </div>
      </div>
    </section>
  );
}

function Progress({ done, all }: { done: number; all: number }): JSX.Element {
  const { t } = useWords();
  return (
    <>
      <p>{t('officer.check.running', { done, all })}</p>
      <Bar share={all === 0 ? 0 : done / all} />
    </>
  );
}

function Result({ result }: { result: PackageCheck | 'unreadable' | 'noCheck' }): JSX.Element {
  const { t } = useWords();
  if (result === 'unreadable' || result === 'noCheck')
    return <Note tone="bad" title={t(`officer.check.${result}`)} />;
  const { findings, files, signer } = result;
  if (findings.length === 0)
    return (
      <Note tone="ok" title={t('officer.check.whole', { count: files })}>
        {t(signer === 'valid' ? 'officer.check.signed' : 'officer.check.unsigned')}
      </Note>
    );
  return (
    <Note tone="bad" title={t('officer.check.problems', { count: findings.length })}>
      <ul class="bullets">
        {findings.map(({ code, name }) => (
          <li key={`${code} ${name}`}>{t(`officer.check.findings.${code}`, { name })}</li>
        ))}
      </ul>
    </Note>
  );
}
