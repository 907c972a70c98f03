import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { fileOf, type ViewerRow } from '../../core/package/viewer-rows';
import type { ViewerEmail } from '../../core/package/viewer-texts';
import { Button } from '../shared/button';
import { Icon } from '../shared/icons';
import { useWords, type Words } from '../shared/words';
import { useViewer } from './context';
import { useDates } from './dates';
import { mailFrame, mailText } from './mail-frame';
import { SaveLink } from './media';
import { reasonNotSaved, saveFromMail, type FileOfMail } from './save-from-mail';
import { Text } from './text';

/** Emails of a conversation, each with its headers, its body and its files. */
export const Mails = ({
  row,
  emails,
}: {
  row: ViewerRow;
  emails: readonly ViewerEmail[];
}): JSX.Element => (
  <>
    {emails.map((email, i) => (
      <Mail key={i} row={row} email={email} />
    ))}
  </>
);

function Mail({ row, email }: { row: ViewerRow; email: ViewerEmail }): JSX.Element {
  const { t, bytes } = useWords();
  const { naming, wanted } = useViewer();
  const { short } = useDates();
  const { from, to, cc, subject, at, text, html, file, attachments } = email;
  const plain = useMemo(() => (text === '' ? mailText(html) : text), [text, html]);
  /** How the mail was asked to be shown, and what was searched for then: of another search nothing was asked. */
  const asked = useSignal<{ as: 'frame' | 'text'; wanted: string } | null>(null);
  // What is searched for is marked in texts; a frame shows nothing of it.
  const isFrameBest = html !== '' && text === '' && (wanted === '' || plain === '');
  const isFrameShown = asked.value?.wanted === wanted ? asked.value.as === 'frame' : isFrameBest;
  const headers: [string, string][] = [
    [t('viewer.from'), from],
    [t('viewer.to'), to],
    [t('viewer.cc'), cc],
  ];
  return (
    <div class="mail card" role="group" aria-label={naming.plain(subject)}>
      <header>
        <div class="section-head">
          <h2>
            <Text of={subject === '' ? t('viewer.noSubject') : subject} />
          </h2>
          <time class="secondary" dateTime={at}>
            {short(at)}
          </time>
        </div>
        <dl>
          {headers
            .filter(([, value]) => value !== '')
            .map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <Text of={value} />
                </dd>
              </div>
            ))}
        </dl>
      </header>
      {isFrameShown ? (
        <Framed html={html} title={naming.plain(subject)} />
      ) : (
        <p class="words">
          <Text of={plain} />
        </p>
      )}
      {attachments.length > 0 && (
        <ul class="chips" aria-label={t('viewer.attachments')}>
          {attachments.map(({ name, size }, i) => (
            <li key={i} class="chip">
              <Icon name="note" /> <Text of={name} />
              {size !== null && <span class="secondary"> {bytes(size)}</span>}
              {file !== '' && (
                <SaveFromMail
                  of={{
                    mail: fileOf(row, file),
                    names: attachments.map((one) => one.name),
                    index: i,
                  }}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      <footer>
        {html !== '' && (
          <>
            <Icon name="shield" /> <span>{t('viewer.mailSafe')}</span>
            <Button
              kind="quiet"
              run={() => (asked.value = { as: isFrameShown ? 'text' : 'frame', wanted })}
            >
              {t(isFrameShown ? 'viewer.asText' : 'viewer.asSent')}
            </Button>
          </>
        )}
        {file !== '' && (
          <SaveLink file={fileOf(row, file)}>
            {t(attachments.length > 0 ? 'viewer.originalWithFiles' : 'viewer.original')}
          </SaveLink>
        )}
      </footer>
    </div>
  );
}

/**
 * Saves a file of a mail, where the mail can be read: a package on a disk lets no page read its files, so that its
 * mails are saved whole.
 */
function SaveFromMail({ of }: { of: FileOfMail }): JSX.Element | null {
  const { media, naming } = useViewer();
  const { t } = useWords();
  if (media.kind === 'address') return null;
  const name = naming.plain(of.names[of.index] ?? '');
  return (
    <Button
      kind="quiet"
      icon="download"
      aria-label={t('viewer.saveAttachment', { name })}
      run={() => saveFromMail(media, of, name)}
      explain={(error) => inWords(reasonNotSaved(error), t)}
    >
      {t('viewer.saveShort')}
    </Button>
  );
}

const inWords = (reason: string, t: Words['t']): string => (reason === '' ? '' : t(reason));

/** The body of an HTML mail in its frame. */
function Framed({ html, title }: { html: string; title: string }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.replaceChildren(mailFrame(html, title)), [html, title]);
  return <div class="mail-frame" ref={place} />;
}
