import type { ComponentChildren, JSX } from 'preact';
import type { Law } from '../../core/request/legal-clock';
import { Button } from '../shared/button';
import { Note } from '../shared/labels';
import { useWords } from '../shared/words';
import { facts } from './facts';
import { Contact, Screen } from './frame';
import { History } from './history';
import type { EndedView } from './portal-api';
import { Sentence } from './sentence';
import type { Closed } from './state';

/** How a request has ended: the fact, why, what next, the person's rights, what it is known by. */
export function Ending({ view }: { view: EndedView }): JSX.Element {
  const { t, longDay, day } = useWords();
  const { state, availableUntil } = view;
  const until = availableUntil === null ? '' : longDay(availableUntil);
  const text = state === 'expired' && until === '' ? 'textWithoutDay' : 'text';
  const values = { until, day: day(view.endedAt), controller: facts.controller };
  return (
    <Screen name={`ended-${state}`} title={t(`portal.endings.${state}.title`)}>
      {state === 'noDataFound' ? (
        <NothingFound view={view} />
      ) : (
        <p>{t(`portal.endings.${state}.${text}`, values)}</p>
      )}
      {state === 'expired' && <Note>{t('portal.endings.expired.copy')}</Note>}
      {(state === 'refused' || state === 'cancelled') && <Why view={view} />}
      <Next view={view} />
      <p class="reference">
        <span>{t('portal.endings.reference')}</span> <span>{view.reference}</span>
      </p>
      <History lines={view.history} title={t('portal.historyEndedTitle')} />
    </Screen>
  );
}

/** The reason, in the words of its code and in those of an officer. */
function Why({ view }: { view: EndedView }): JSX.Element {
  const { t, has } = useWords();
  const { state, reasonCode, law, explanation } = view;
  const path = `portal.citations.${law}.${reasonCode}`;
  const citation = has(path) ? ` (${t(path)})` : '';
  return (
    <section class="card">
      <h2>{t('portal.endings.why')}</h2>
      <p>{t(`portal.endings.${state}.reasons.${reasonCode}`, { citation })}</p>
      {explanation !== null && <p>{explanation}</p>}
    </section>
  );
}

/** By what we have searched, and where. */
function NothingFound({ view }: { view: EndedView }): JSX.Element {
  const { t, list, month } = useWords();
  const { identifiers, searched } = view;
  const name = ({ type, masked }: EndedView['identifiers'][number]): string =>
    type === 'email'
      ? t('portal.endings.noDataFound.email', { address: masked })
      : type === 'phone'
        ? t('portal.endings.noDataFound.phone', { digits: masked.slice(-2) })
        : t('portal.endings.noDataFound.handle', { id: masked });
  return (
    <>
      <p>
        {identifiers.length === 0
          ? t('portal.endings.noDataFound.text')
          : t('portal.endings.noDataFound.searchedFor', {
              identifiers: list(identifiers.map(name)),
            })}
      </p>
      <section class="card">
        <h2>{t('portal.endings.noDataFound.where')}</h2>
        <ul>
          <li>
            {searched === null
              ? t('portal.endings.noDataFound.conversations')
              : t('portal.endings.noDataFound.conversationsFrom', {
                  from: month(searched.from),
                  to: month(searched.to),
                })}
          </li>
          <li>{t('portal.endings.noDataFound.records')}</li>
        </ul>
        <p class="secondary">{t('portal.endings.noDataFound.others')}</p>
      </section>
    </>
  );
}

/** What the person can do now. Whoever was refused has a right to complain, whatever the end. */
function Next({ view: { state, law } }: { view: EndedView }): JSX.Element {
  const { t } = useWords();
  if (state === 'refused' || state === 'cancelled' || state === 'recalled')
    return (
      <>
        <h2>{t('portal.endings.whatNext')}</h2>
        <ul>
          <li>
            <Sentence of={`portal.endings.${state}.write`} parts={{ contact: <Contact /> }} />
          </li>
          <Remedies law={law} />
        </ul>
      </>
    );
  return (
    <>
      <h2>{t(`portal.endings.${state}.againTitle`)}</h2>
      <p>{t(`portal.endings.${state}.again`)}</p>
      <AskAgain>{t(`portal.endings.${state}.ask`)}</AskAgain>
      <h2>{t('portal.endings.rightsTitle')}</h2>
      <ul>
        <Remedies law={law} />
      </ul>
    </>
  );
}

/** Where the authorities of a law are found. */
const authorities: Record<Law, string> = {
  gdpr: 'https://www.edpb.europa.eu/about-edpb/about-edpb/members_en',
  ukGdpr: 'https://ico.org.uk/make-a-complaint/',
  ccpa: 'https://cppa.ca.gov/webapplications/complaint',
};

function Remedies({ law }: { law: Law }): JSX.Element {
  const { t } = useWords();
  const { authority } = facts;
  return (
    <>
      <li>
        {t(`portal.endings.complain.${law}`)}{' '}
        {authority === null || law !== 'gdpr' ? (
          <a href={authorities[law]} rel="noreferrer">
            {t(`portal.endings.find.${law}`)}
          </a>
        ) : (
          t('portal.endings.ours', { authority })
        )}
      </li>
      <li>{t('portal.endings.court')}</li>
    </>
  );
}

/** Another request: on the page for it, or by writing where there is none. */
export function AskAgain({ children }: { children: ComponentChildren }): JSX.Element {
  return facts.hasIntake ? (
    <a class="button primary wide" href="/portal/request">
      {children}
    </a>
  ) : (
    <p>
      <Sentence of="portal.endings.writeToAsk" parts={{ contact: <Contact /> }} />
    </p>
  );
}

/** Nothing of a request can be shown: to a stranger every reason looks the same. */
export function ClosedPage({
  reason,
  again,
}: {
  reason: Closed;
  again: () => Promise<unknown>;
}): JSX.Element {
  const { t } = useWords();
  return (
    <Screen name={`closed-${reason}`} title={t(`portal.closed.${reason}.title`)}>
      <p>{t(`portal.closed.${reason}.text`)}</p>
      {reason === 'unreachable' && (
        <Button kind="primary" class="wide" run={again}>
          {t('portal.closed.unreachable.again')}
        </Button>
      )}
      {reason === 'linkEnded' && (
        <>
          <Note>{t('portal.closed.linkEnded.copy')}</Note>
          <h2>{t('portal.closed.linkEnded.againTitle')}</h2>
          <AskAgain>{t('portal.closed.linkEnded.ask')}</AskAgain>
        </>
      )}
    </Screen>
  );
}
