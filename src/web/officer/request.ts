import {
  extensionReasons,
  officerCancellationReasons,
  refusalReasons,
} from '../../core/messages/statutory-notices';
import { partKinds } from '../../core/subject/withheld-parts';
import { request } from '../shared/api';
import { labelled, make } from '../shared/dom';
import { action, showStep } from '../shared/page';
import { decisionPart, type DecisionStep } from './decision';
import { doubtfulPart } from './doubtful';
import type { Custody, CustodyLine, Evidence, Me } from './officer-api';
import { t } from './words';

export const time = (iso: string): string => new Date(iso).toLocaleString();

const facts = (values: Record<string, unknown>): HTMLElement =>
  make(
    'dl',
    {},
    ...Object.entries(values).flatMap(([name, value]) => [
      make('dt', {}, name),
      make('dd', {}, typeof value === 'string' ? value : JSON.stringify(value)),
    ]),
  );

const choice = (label: string, ...values: string[]): HTMLSelectElement =>
  make('select', { 'aria-label': label }, ...values.map((one) => make('option', {}, one)));

/** The step of one request, and the calls that its buttons make. */
interface RequestStep extends DecisionStep {
  /** Shows what a call has returned. */
  result: HTMLElement;
}

/** Shows one request: its evidence, what the officer may do, and its custody record. */
export async function showRequest(
  me: Me,
  requestId: string,
  backToList: () => Promise<void>,
): Promise<void> {
  const path = `/api/requests/${requestId}`;
  const evidence = await request<Evidence>('GET', `${path}/decision`).catch(() => null);
  const { custody, isIntact, problems } = await request<Custody>('GET', `${path}/custody`);
  const justification = make('textarea', { rows: '3', maxlength: '2000', required: '' });
  const step: RequestStep = {
    post: (to, body = {}) =>
      request('POST', `${path}/${to}`, { justification: justification.value, ...body }),
    reload: () => showRequest(me, requestId, backToList),
    result: make('div', { role: 'status' }),
  };
  const may = (role: string): boolean => me.roles.includes(role);
  const isDecided = may('Requests.Decide') && evidence !== null && evidence.identifiers.length > 0;
  showStep(
    `request-${requestId}`,
    `Request ${requestId.slice(0, 8)}`,
    action('Back to all requests', backToList, { class: 'quiet' }),
    facts({
      state: evidence?.status.state ?? custody.findLast(({ to }) => to)?.to ?? '',
      reason: evidence?.reasonCode ?? '',
      ...(evidence ? { due: time(evidence.status.legalClock.dueAt) } : {}),
      record: isIntact
        ? 'The custody record is intact.'
        : `THE CUSTODY RECORD WAS CHANGED. ${problems.join(' ')}`,
    }),
    make('h2', {}, 'Justification'),
    labelled(
      'It stays in the custody record. Write nothing about the person into it.',
      justification,
    ),
    ...(isDecided ? [decisionPart(step, evidence), ...doubtfulPart(step, evidence)] : []),
    make('h2', {}, 'Actions'),
    make(
      'div',
      { class: 'ways' },
      ...(may('Requests.Decide') ? outcomeParts(step) : []),
      ...(may('Requests.Deliver') ? deliveryParts(step) : []),
      ...(may('Requests.Recall') ? [recallButton(step)] : []),
    ),
    ...(may('Requests.Decide') ? withheldParts(step) : []),
    step.result,
    make('h2', {}, 'Custody record'),
    make('ol', { class: 'custody' }, ...custody.map((line) => make('li', {}, custodyText(line)))),
  );
}

/** Identity check, retry, cancellation, extension and refusal. */
function outcomeParts({ post, reload }: RequestStep): Node[] {
  const checkMethod = choice('Identity check', 'inPerson', 'byVideo', 'byPost');
  const extension = choice('Reason for the extension', ...extensionReasons);
  const cancellation = choice('Reason for the cancellation', ...officerCancellationReasons);
  const refusal = choice('Reason for the refusal', ...refusalReasons);
  const explanation = make('textarea', { rows: '3', maxlength: '2000' });
  const button = (label: string, path: string, body: () => object): HTMLButtonElement =>
    action(label, () => post(path, body()).then(reload), { class: 'quiet' });
  const notice = (reasonCode: string): object => ({
    reasonCode,
    explanation: explanation.value.trim() || null,
  });
  return [
    labelled('Identity check', checkMethod),
    action('Confirm identity', () =>
      post('identity', { checkMethod: checkMethod.value }).then(reload),
    ),
    action('Retry', () => post('retry').then(reload)),
    labelled("Explanation for the person, in the person's language", explanation),
    labelled('Reason for the extension', extension),
    button('Extend the period', 'extend', () => notice(extension.value)),
    labelled('Reason for the cancellation', cancellation),
    button('Cancel', 'cancel', () => notice(cancellation.value)),
    labelled('Reason for the refusal', refusal),
    button('Refuse', 'refuse', () => notice(refusal.value)),
  ];
}

/** What is withheld for the rights of others: kinds of data, and conversations by their ids. */
function withheldParts({ post, reload }: RequestStep): Node[] {
  const boxes = partKinds.map((kind) => ({ kind, box: make('input', { type: 'checkbox' }) }));
  const conversations = make('textarea', { rows: '3' });
  return [
    make('h2', {}, t('withhold.title')),
    make('p', {}, t('withhold.about')),
    ...boxes.map(({ kind, box }) => labelled(t(`withhold.kinds.${kind}`), box)),
    labelled(t('withhold.conversations'), conversations),
    action(t('withhold.action'), () => {
      const kinds = boxes.filter(({ box }) => box.checked).map(({ kind }) => kind);
      const ids = conversations.value.split(/\s+/).filter(Boolean);
      return post('decision', { rightsOfOthers: { kinds, conversations: ids } }).then(reload);
    }),
  ];
}

/** A code for the portal, and assisted delivery. */
const deliveryParts = ({ post, result }: RequestStep): Node[] => [
  action('Issue a code', async () => {
    const { code } = await post<{ code: string }>('code');
    result.replaceChildren(make('p', {}, `Code: ${code} (valid once, for one hour)`));
  }),
  make('p', {}, t('handOver.approveHint')),
  action(t('handOver.approve'), async () => {
    await post('approve');
    result.replaceChildren(make('p', {}, t('handOver.approved')));
  }),
  action('Hand over the package', async () => {
    const { url, passphrase } = await post<{ url: string; passphrase: string }>('deliver');
    result.replaceChildren(
      make('p', {}, make('a', { href: url }, 'Download the package')),
      make('p', {}, `Passphrase: ${passphrase}`),
    );
  }),
];

const recallButton = ({ post, reload }: RequestStep): HTMLElement =>
  action(
    'Recall the package',
    async () => {
      const { downloads } = await post<{ downloads: object }>('recall');
      await reload();
      document
        .getElementById('main')
        ?.append(make('h2', {}, 'Downloads before the recall'), facts({ ...downloads }));
    },
    { class: 'danger' },
  );

const custodyText = ({
  at,
  event,
  from,
  to,
  reasonCode,
  detail,
  annotation,
}: CustodyLine): string =>
  [
    time(at),
    event,
    to ? `${from ?? ''} → ${to}` : '',
    reasonCode ?? '',
    detail ? JSON.stringify(detail) : '',
    annotation ? `by ${annotation.displayName}: ${annotation.justification}` : '',
  ]
    .filter(Boolean)
    .join(' · ');
