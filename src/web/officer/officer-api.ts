import type { z } from 'zod';
import type { Answers } from '../../core/api/bodies';
import type {
  conversationsResponse,
  decideResponse,
  evidenceResponse,
  revealResponse,
} from '../../core/api/evidence-responses';
import type {
  custodyResponse,
  deliverResponse,
  handOverResponse,
  letterResponse,
  messagesResponse,
  recallResponse,
  reportResponse,
  requestCountsResponse,
  requestsResponse,
  requestSummary,
  statisticsResponse,
  statusResponse,
  summaryResponse,
} from '../../core/api/responses';
import type { OfficerRole } from '../../core/authentication/officer-roles';
import type { ListView } from '../../core/request/request-list';
import { request } from '../shared/api';

/** The calls that the officers' console makes, and what it reads of their answers. */

export interface Me {
  /** In the directory. */
  id: string;
  name: string;
  roles: OfficerRole[];
  /** Time zone of the controller, in which legal days begin and end. */
  timeZone: string;
}

export type Status = z.output<typeof statusResponse>;
/** A request as the queue shows it. */
export type RequestSummary = z.output<typeof requestSummary>;
export type RequestClock = RequestSummary['clock'];
/** A request as its own page shows it. */
export type WholeSummary = z.output<typeof summaryResponse>;
export type RequestList = z.output<typeof requestsResponse>;

/** Which requests are listed; names as in the address of the console. */
export interface ListChoice {
  view: ListView;
  sourceSystem?: string | undefined;
  reason?: string | undefined;
  locale?: string | undefined;
  dueWithinDays?: string | undefined;
  page?: string | undefined;
}

export type Evidence = z.output<typeof evidenceResponse>;
export type DecidedStatus = z.output<typeof decideResponse>;
export type Candidate = Evidence['candidates'][number];
export type IdentifierEvidence = Evidence['identifiers'][number];
export type Doubtful = NonNullable<Evidence['doubtful']>;
export type DoubtfulPage = z.output<typeof conversationsResponse>;
export type DoubtfulConversation = DoubtfulPage['conversations'][number];
export type Revealed = z.output<typeof revealResponse>;
export type Custody = z.output<typeof custodyResponse>;
export type CustodyLine = Custody['custody'][number];
export type Letter = z.output<typeof letterResponse>;
export type Recalled = z.output<typeof recallResponse>;

export type Message = z.output<typeof messagesResponse>['messages'][number];
export type Statistics = z.output<typeof statisticsResponse>;
export type MonthOfStatistics = Statistics['months'][number];
export type HandOver = z.output<typeof handOverResponse>;
/** Something that an officer has done; names and reasons are null once they were deleted. */
export type Act = HandOver['approvals'][number];
/** The availability report, or what it would say now. */
export type Report = z.output<typeof reportResponse>;
export type Delivered = z.output<typeof deliverResponse>;

const get = <T>(path: string): Promise<T> => request<T>('GET', path);
const post = <T = Status>(path: string, body: object = {}): Promise<T> =>
  request<T>('POST', path, body);

/** Text of a query, without what is absent or empty. */
const queryOf = (values: object): string => {
  const given = Object.entries(
    values as Record<string, string | number | boolean | undefined>,
  ).filter(
    (entry): entry is [string, string | number | boolean] =>
      entry[1] !== undefined && entry[1] !== '',
  );
  return new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
};

export const readMe = (): Promise<Me> => get('/portal/officer/me');
export const beginSignIn = (): Promise<{ url: string }> => post('/portal/officer/sign-in');
export const signOut = (): Promise<unknown> => post('/portal/officer/sign-out');

export const listRequests = (choice: ListChoice): Promise<RequestList> =>
  get(`/api/requests?${queryOf(choice)}`);
export const countRequests = (): Promise<z.output<typeof requestCountsResponse>> =>
  get('/api/request-counts');
export const searchTicket = (ticketId: string): Promise<{ requests: RequestSummary[] }> =>
  post('/api/requests/search', { ticketId });
export const readStatistics = (): Promise<Statistics> => get('/api/statistics');

export interface LetterChoice {
  letter: 'extended' | 'cancelled' | 'refused';
  reasonCode: string;
  /** Whether the officer adds an explanation; its place is marked. */
  hasExplanation: boolean;
}

/** The calls about one request. Each change needs the officer's reason. */
export function requestCalls(requestId: string) {
  const base = `/api/requests/${encodeURIComponent(requestId)}`;
  return {
    summary: () => get<WholeSummary>(`${base}/summary`),
    evidence: () => get<Evidence>(`${base}/decision`),
    conversations: (filter: object) =>
      get<DoubtfulPage>(`${base}/decision/conversations?${queryOf(filter)}`),
    custody: () => get<Custody>(`${base}/custody`),
    messages: () => get<{ messages: Message[] }>(`${base}/messages`),
    handOver: () => get<HandOver>(`${base}/hand-over`),
    /** The letter that the person would receive, in their language. */
    letter: (choice: LetterChoice) => get<Letter>(`${base}/letter?${queryOf(choice)}`),
    /** @param language of its sentences */
    report: (language?: string) => get<Report>(`${base}/report?${queryOf({ language })}`),
    /** Addresses of the custody record as a file. */
    custodyFile: `${base}/custody`,
    custodyTable: `${base}/custody?format=csv`,

    /** @param basedOn version of the decision that the officer has seen */
    decide: (answers: Answers, justification: string, basedOn: number) =>
      post<DecidedStatus>(`${base}/decision`, { ...answers, basedOn, justification }),
    reveal: (justification: string) => post<Revealed>(`${base}/decision/reveal`, { justification }),
    checkIdentity: (body: { checkMethod: string; isRepresentative: boolean }, reason: string) =>
      post(`${base}/identity`, { ...body, justification: reason }),
    checkMandate: (
      body: { mandate: string; checkMethod: string; mailboxCheck: string },
      reason: string,
    ) => post(`${base}/mandate`, { ...body, justification: reason }),
    extend: (body: Ending, justification: string) =>
      post<Status & { subjectNotified: boolean }>(`${base}/extend`, { ...body, justification }),
    refuse: (body: Ending, justification: string) =>
      post(`${base}/refuse`, { ...body, justification }),
    cancel: (body: Ending, justification: string) =>
      post(`${base}/cancel`, { ...body, justification }),
    retry: (justification: string) => post(`${base}/retry`, { justification }),
    acceptGaps: (justification: string) =>
      post(`${base}/retry`, { justification, acceptFailures: true }),
    recall: (justification: string) => post<Recalled>(`${base}/recall`, { justification }),
    issueCode: (justification: string) => post<{ code: string }>(`${base}/code`, { justification }),
    releaseAgain: (justification: string) => post(`${base}/release`, { justification }),
    approve: (justification: string) => post(`${base}/approve`, { justification }),
    deliver: (justification: string) => post<Delivered>(`${base}/deliver`, { justification }),
    messageText: (messageId: string, justification: string) =>
      post<{ subject: string; text: string }>(
        `${base}/messages/${encodeURIComponent(messageId)}/text`,
        { justification },
      ),
    sendAgain: (messageId: string, justification: string) =>
      post<{ message: Message }>(`${base}/messages/${encodeURIComponent(messageId)}/send-again`, {
        justification,
      }),
    retryWebhooks: () => post<unknown>(`${base}/webhooks`),
  };
}

/** Why a period is extended, or a request ends: its code, and words for the person. */
export interface Ending {
  reasonCode: string;
  explanation: string | null;
}

export type RequestCalls = ReturnType<typeof requestCalls>;
