import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Inventory } from '../../core/package/inventory';
import { viewerChannels } from '../../core/package/viewer-rows';
import { Disclosure } from '../shared/disclosure';
import { Facts } from '../shared/facts';
import { Icon } from '../shared/icons';
import { useWords, type Words } from '../shared/words';
import { Contents, ProcessingInformation } from './contents';
import { DownloadControls, useResuming } from './download-controls';
import { Enrolment } from './enrolment';
import { Screen } from './frame';
import { History } from './history';
import { Numbered } from './numbered';
import { Passphrase } from './passphrase';
import type { ReadyView } from './portal-api';
import { Problem } from './problem';
import { Sentence } from './sentence';

/** Milliseconds before the end of a package's time from which on its page warns. */
const lastHours = 24 * 3_600_000;

/** The package is available: to view, to open with a passphrase, to download. */
export function Ready({ view }: { view: ReadyView }): JSX.Element {
  const words = useWords();
  const { t, bytes } = words;
  const passphrase = useSignal('');
  const resumes = useResuming();
  const isDownloaded = useSignal(view.state === 'delivered');
  const hasHappened = (event: string): boolean => view.history.some((one) => one.event === event);
  const size = bytes(view.packageBytes ?? 0);
  return (
    <Screen name="ready" step={t('portal.steps.ready')} title={t('portal.ready.title')}>
      {view.inventory && <p class="lead">{inventoryText(words, view.inventory)}</p>}
      <Until view={view} />
      <ol class="card numbered">
        <Numbered
          number={1}
          title={t('portal.ready.view.title')}
          text={t('portal.ready.view.text')}
          isDone={hasHappened('linkMinted') || isDownloaded.value}
        >
          <a class="button primary" href="/portal/open">
            <Icon name="view" />
            {t('portal.ready.view.action')}
          </a>
        </Numbered>
        <Numbered
          number={2}
          title={t('portal.ready.passphrase.title')}
          text={t('portal.ready.passphrase.text')}
          isDone={passphrase.value !== '' || hasHappened('passphraseShown')}
        >
          <Passphrase shown={passphrase} />
        </Numbered>
        <Numbered
          number={3}
          title={t('portal.ready.download.title')}
          text={t(resumes ? 'portal.ready.download.text' : 'portal.ready.download.plain', {
            size,
          })}
          isDone={isDownloaded.value}
        >
          <DownloadControls isDone={isDownloaded} resumes={resumes} />
          <HowToOpen isOpen={isDownloaded.value} />
        </Numbered>
      </ol>
      <Problem />
      <div class="more">
        <Contents view={view} />
        <ProcessingInformation view={view} />
        <History lines={view.history} title={t('portal.historyTitle')} />
        {view.canEnrol && <Enrolment />}
      </div>
    </Screen>
  );
}

/** Until when it is available. In its last day the words and the colour say that it is time. */
function Until({ view }: { view: ReadyView }): JSX.Element {
  const { t, longDay, time } = useWords();
  const { availableUntil, isOver } = view;
  if (isOver)
    return (
      <div class="until warn" role="status">
        <Icon name="warning" />
        <p>
          <strong>{t('portal.ready.over')}</strong>
        </p>
      </div>
    );
  const isLast = Date.parse(availableUntil) - Date.now() <= lastHours;
  const when = t('portal.ready.when', { day: longDay(availableUntil), time: time(availableUntil) });
  return (
    <div class={isLast ? 'until warn' : 'until'}>
      <Icon name={isLast ? 'warning' : 'clock'} />
      <p>
        <strong>{t(isLast ? 'portal.ready.onlyUntil' : 'portal.ready.until', { when })}</strong>{' '}
        {t('portal.ready.after')}
      </p>
    </div>
  );
}

/** How the file is opened on the devices that people have. */
function HowToOpen({ isOpen }: { isOpen: boolean }): JSX.Element {
  const { t } = useWords();
  return (
    <Disclosure title={t('portal.ready.open.title')} isOpen={isOpen}>
      <Facts
        look="terms"
        facts={(['windows', 'mac', 'phone', 'linux'] as const).map((device) => ({
          name: t(`portal.ready.open.${device}.name`),
          values: [
            <Sentence
              key={device}
              of={`portal.ready.open.${device}.text`}
              parts={{ file: <code>index.html</code> }}
            />,
          ],
        }))}
      />
    </Disclosure>
  );
}

/** What is in the package, in a sentence. */
export function inventoryText(words: Words, { from, to, channels }: Inventory): string {
  const { t, list, month } = words;
  const counted = viewerChannels.filter((channel) => channels[channel] > 0);
  const count = counted.reduce((sum, channel) => sum + channels[channel], 0);
  if (count === 0 || from === null || to === null) return t('portal.ready.noConversations');
  const amounts = counted.map((channel) =>
    t(`portal.ready.channels.${channel}`, {
      count: channels[channel],
    }),
  );
  const total = t('portal.ready.conversations', { count });
  const values = { total, list: list(amounts), from: month(from), to: month(to) };
  return t(from === to ? 'portal.ready.oneMonth' : 'portal.ready.months', values);
}
