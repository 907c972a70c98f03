import type { JSX } from 'preact';
import { Dialog } from '../shared/dialog';
import { Facts } from '../shared/facts';
import { useWords } from '../shared/words';

/** The keys of the lists. */
export function KeysDialog({ close }: { close: () => void }): JSX.Element {
  const { t } = useWords();
  const rows: [keys: string[], what: string][] = [
    [['J', 'K'], t('officer.keys.moveLong')],
    [[t('officer.keys.enter')], t('officer.keys.openLong')],
    [['/'], t('officer.keys.searchLong')],
    [['I', 'O'], t('officer.keys.decideLong')],
    [['U'], t('officer.keys.undoLong')],
  ];
  return (
    <Dialog title={t('officer.keys.title')} cancel={t('officer.close')} close={close}>
      <p>{t('officer.keys.where')}</p>
      <Facts
        facts={rows.map(([keys, what]) => ({
          key: what,
          name: keys.map((key) => <kbd key={key}>{key}</kbd>),
          values: [what],
        }))}
      />
    </Dialog>
  );
}
