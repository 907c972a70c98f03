import { useSignal, type Signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Button } from '../shared/button';
import { isNamed } from '../shared/dom-exceptions';
import { Icon, type IconName } from '../shared/icons';
import { useWords } from '../shared/words';
import { useViewer } from './context';
import { showsAs } from './row-words';

/** A file of the package that is shown or played. */
export interface Playable {
  /** Its address; null while it is not there. */
  address: string | null;
  state: 'there' | 'absent' | 'loading' | 'failed';
  /** Gets it where it is not there yet. */
  load: () => Promise<string | null>;
}

/** A file with an address: at once, or decrypted when it is asked for. */
export function usePlayable(file: string): Playable {
  const { media } = useViewer();
  const address = useSignal<string | null>(media.kind === 'address' ? media.of(file) : null);
  const state: Signal<Playable['state']> = useSignal(media.kind === 'address' ? 'there' : 'absent');
  useEffect(() => {
    address.value = media.kind === 'address' ? media.of(file) : null;
    state.value = media.kind === 'address' ? 'there' : 'absent';
  }, [media, file]);
  const load = async (): Promise<string | null> => {
    if (media.kind === 'address' || address.value !== null) return address.value;
    state.value = 'loading';
    try {
      address.value = await media.open(file);
      state.value = 'there';
    } catch {
      state.value = 'failed';
    }
    return address.value;
  };
  return { address: address.value, state: state.value, load };
}

const nameOf = (file: string): string => file.split('/').at(-1) ?? file;

/** A link to a file, or a button that decrypts and saves it. */
export function SaveLink({
  file,
  icon = 'download',
  children,
}: {
  file: string;
  icon?: IconName;
  children: ComponentChildren;
}): JSX.Element {
  const { media } = useViewer();
  const { t } = useWords();
  if (media.kind === 'address')
    return (
      <a class="save" href={media.of(file)} download={nameOf(file)}>
        <Icon name={icon} />
        <span>{children}</span>
      </a>
    );
  // Whoever closes the dialog does not want the file.
  const explain = (error: unknown): string =>
    isNamed(error, 'AbortError') ? '' : t('viewer.unreadable');
  return (
    <span class="save">
      <Button kind="quiet" icon={icon} run={() => media.save(file)} explain={explain}>
        {children}
      </Button>
    </span>
  );
}

/** A file that was sent: pictures, sounds and videos are shown in their place, everything else is only saved. */
export function Attachment({
  file,
  name,
  size,
}: {
  file: string;
  name: string;
  size: number | null;
}): JSX.Element {
  const { bytes } = useWords();
  const form = showsAs(file);
  const label = size === null ? name : `${name}, ${bytes(size)}`;
  return (
    <div class="attachment">
      {form !== 'file' && <Shown file={file} name={name} form={form} />}
      <SaveLink file={file} icon={form === 'file' ? 'note' : 'attachment'}>
        {label}
      </SaveLink>
    </div>
  );
}

function Shown({
  file,
  name,
  form,
}: {
  file: string;
  name: string;
  form: 'picture' | 'sound' | 'video';
}): JSX.Element | null {
  const { t } = useWords();
  const playable = usePlayable(file);
  const { address, state, load } = playable;
  if (address === null)
    return (
      <>
        <Button icon="view" run={load}>
          {t('viewer.show', { name })}
        </Button>
        {state === 'failed' && <p role="alert">{t('viewer.unreadable')}</p>}
      </>
    );
  if (form === 'picture') return <img src={address} alt={name} loading="lazy" />;
  if (form === 'sound') return <audio src={address} controls preload="none" aria-label={name} />;
  return <video src={address} controls preload="none" aria-label={name} />;
}
