import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Button } from '../shared/button';
import { say } from '../shared/live';
import { useWords } from '../shared/words';
import { call } from './portal-api';
import { attempt } from './state';

/** Shows the passphrase of the package when it is asked for, and copies it. */
export function Passphrase({ shown }: { shown: Signal<string> }): JSX.Element {
  const { t } = useWords();
  const isCopied = useSignal(false);
  const reveal = async (): Promise<void> => {
    const { passphrase } = await call<{ passphrase: string }>('POST', 'passphrase');
    shown.value = passphrase;
    say(t('portal.ready.passphrase.isShown'));
  };
  if (shown.value === '')
    return (
      <Button icon="key" run={() => attempt(reveal)}>
        {t('portal.ready.passphrase.show')}
      </Button>
    );
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(shown.value);
    isCopied.value = true;
    say(t('portal.ready.passphrase.copied'));
  };
  return (
    <div class="secret-box">
      <output class="secret" id="passphrase">
        {shown.value}
      </output>
      <Button icon={isCopied.value ? 'check' : 'copy'} run={() => copy().catch(() => undefined)}>
        {t(isCopied.value ? 'portal.ready.passphrase.copied' : 'portal.ready.passphrase.copy')}
      </Button>
    </div>
  );
}
