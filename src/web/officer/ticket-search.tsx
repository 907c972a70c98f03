import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { Icon } from '../shared/icons';
import { goTo } from '../shared/route';
import { useWords } from '../shared/words';
import { Arrivals } from './arrivals';
import { searchTicket, type RequestSummary } from './officer-api';
import { requestAddress } from './place';
import { useExplanation } from './resource';
import { ticketOf } from './request-words';
import { stateView } from './state-view';

/** Finds a request by its whole ticket; a single hit is opened. The ticket never stands in an address. */
export function TicketSearch(): JSX.Element {
  const words = useWords();
  const { t } = words;
  const explanation = useExplanation();
  const text = useSignal('');
  const found = useSignal<RequestSummary[]>([]);
  const message = useSignal('');
  const arrivals = useMemo(() => new Arrivals(), []);
  const search = async (): Promise<void> => {
    const ticketId = text.value.trim();
    found.value = [];
    message.value = '';
    if (ticketId === '') return;
    const isNews = arrivals.ask();
    try {
      const { requests } = await searchTicket(ticketId);
      if (!isNews()) return;
      const [hit] = requests;
      if (hit === undefined) message.value = t('officer.search.none', { ticket: ticketId });
      else if (requests.length === 1) goTo(requestAddress(hit.requestId).slice(1));
      else found.value = requests;
    } catch (error) {
      const text = explanation(error);
      if (isNews()) message.value = text;
    }
  };
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        void search();
      }}
    >
      <label class="search-box">
        <span class="visually-hidden">{t('officer.search.label')}</span>
        <Icon name="search" />
        <input
          type="search"
          name="ticket"
          autocomplete="off"
          placeholder={t('officer.search.hint')}
          value={text.value}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
            // What was found, or not, is nothing that is looked for any more.
            arrivals.ask()();
            found.value = [];
            message.value = '';
          }}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <div role="status">
        {message.value !== '' && <p class="search-message">{message.value}</p>}
        {found.value.length > 0 && (
          <ul class="hits">
            {found.value.map((request) => (
              <li key={request.requestId}>
                <a href={requestAddress(request.requestId)}>{ticketOf(request, words)}</a>{' '}
                {stateView(request, words).name}
              </li>
            ))}
          </ul>
        )}
      </div>
    </form>
  );
}
