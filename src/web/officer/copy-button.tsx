import type { ComponentChildren, JSX } from 'preact';
import { Button } from '../shared/button';
import { say } from '../shared/live';
import { useWords } from '../shared/words';

/** Copies a text, and says so, or that the browser does not let it. */
export function CopyButton({
  value,
  kind = 'plain',
  children,
}: {
  value: string;
  kind?: 'plain' | 'quiet';
  children: ComponentChildren;
}): JSX.Element {
  const { t } = useWords();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value);
    say(t('officer.copied'));
  };
  return (
    <Button kind={kind} icon="copy" run={copy} explain={() => t('officer.notCopied')}>
      {children}
    </Button>
  );
}
