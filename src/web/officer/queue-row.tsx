import type { JSX } from 'preact';
import { Tag } from '../shared/labels';
import { useWords } from '../shared/words';
import { Deadline } from './deadline';
import type { RequestSummary } from './officer-api';
import { requestAddress, type RequestTab } from './place';
import { nextOf, ticketOf } from './request-words';
import { stateView } from './state-view';
import { may } from './session';

/** What an officer can do with a request that waits for one; null without the role for it. */
function actionOf(request: RequestSummary): { name: string; tab: RequestTab } | null {
  if (!request.needsOfficer) return null;
  if (request.handOver !== null)
    return may('Requests.Deliver') ? { name: 'review', tab: 'delivery' } : null;
  if (!may('Requests.Decide')) return null;
  if (request.state === 'failed') return { name: 'retry', tab: 'overview' };
  return { name: 'decide', tab: 'decision' };
}

/** A request in the queue. The whole row leads to it; its link is what the keyboard stops at. */
export function QueueRow({ request }: { request: RequestSummary }): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { name, tone, icon } = stateView(request, words);
  const { title, why } = nextOf(request, words);
  const action = actionOf(request);
  const ticket = ticketOf(request, words);
  return (
    <tr>
      <th scope="row">
        <a
          class={request.ticketId === null ? 'ticket unnamed' : 'ticket'}
          href={requestAddress(request.requestId)}
        >
          {ticket}
        </a>
      </th>
      <td class="status">
        <Tag tone={tone} {...(icon ? { icon } : {})}>
          {name}
        </Tag>
      </td>
      <td class="next">
        <strong>{title}</strong>
        <div class="secondary">{why}</div>
      </td>
      <td class="due">
        <Deadline clock={request.clock} />
      </td>
      <td class="action">
        {action && (
          <a
            class="button primary"
            href={requestAddress(request.requestId, action.tab)}
            aria-label={t(`officer.queue.actionFor`, {
              action: t(`officer.queue.actions.${action.name}`),
              ticket,
            })}
          >
            {t(`officer.queue.actions.${action.name}`)}
          </a>
        )}
      </td>
    </tr>
  );
}
