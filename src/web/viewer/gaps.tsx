import type { JSX } from 'preact';
import type { ItemKind } from '../../core/package/items';
import type { ViewerRow } from '../../core/package/viewer-rows';
import { reasonWords } from '../../core/package/availability-words';
import { Icon } from '../shared/icons';
import { useWords } from '../shared/words';

/** Gaps of a row that are of some kinds: what is missing, and why. */
export function gapsOf(
  { gaps = [] }: ViewerRow,
  kinds: readonly ItemKind[],
): { kind: ItemKind; reason: string }[] {
  return gaps.flatMap((gap) => {
    const [kind = '', reason = ''] = gap.split(':');
    const known = kinds.find((one) => one === kind);
    return known === undefined ? [] : [{ kind: known, reason }];
  });
}

/** In the place of what is missing: what it is, and why it is not there. */
export function Gaps({ row, kinds }: { row: ViewerRow; kinds: readonly ItemKind[] }): JSX.Element {
  const words = useWords();
  return (
    <>
      {gapsOf(row, kinds).map(({ kind, reason }) => (
        <p key={`${kind}:${reason}`} class="gap">
          <Icon name="info" />
          <span>
            <strong>{words.t(`report.absent.${kind}`)}</strong> {reasonWords(reason, words)}
          </span>
        </p>
      ))}
    </>
  );
}
