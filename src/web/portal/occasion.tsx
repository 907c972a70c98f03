import type { JSX } from 'preact';
import { useWords } from '../shared/words';
import type { VerifyView } from './portal-api';

/** Why the person is asked, where it is not the first time. */
export function Occasion({ view }: { view: VerifyView }): JSX.Element | null {
  const { t } = useWords();
  if (view.isSecond) return <p>{t('portal.verify.second')}</p>;
  return view.isAgain ? <p>{t('portal.verify.again')}</p> : null;
}
