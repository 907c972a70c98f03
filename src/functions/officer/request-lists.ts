import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { requestsQuery, searchBody } from '../../core/api/bodies';
import { endedKeyOf, placeOf } from '../../core/request/request-list';
import {
  countRequests,
  listRequests,
  summariesOf,
  type CountServices,
  type ListQuery,
  type ListServices,
} from '../../services/request-lists';
import { wholeSummaryOf, type SummaryServices } from '../../services/request-summary';
import { requestIdsOfTicket, type RequestIdServices } from '../../services/submission';
import { invalidQuery, jsonResponse, parsedBody, parsedQuery } from '../shared/http';
import { bodyLimit, type OfficerHandler, type OfficerRequests } from './officer-requests';

export type RequestListServices = ListServices & RequestIdServices;

/** A page of requests, and how many there are of each kind. */
export const requestList =
  (services: ListServices) =>
  async (request: HttpRequest): Promise<HttpResponseInit> =>
    jsonResponse(200, await listRequests(services, queryOf(request)));

/** How many requests there are of each kind. */
export const requestCounts = async (services: CountServices): Promise<HttpResponseInit> =>
  jsonResponse(200, await countRequests(services));

/** @throws HttpProblem 400 */
function queryOf(request: HttpRequest): ListQuery {
  const { view, page = null, ...filter } = parsedQuery(request, requestsQuery);
  if (view === 'done') return { view, filter, after: placed(page, endedKeyOf) };
  return { view, filter, after: placed(page, placeOf) };
}

/** @throws HttpProblem 400 when the text is no place in the list */
function placed<T>(page: string | null, read: (page: string) => T | null): T | null {
  if (page === null) return null;
  const place = read(page);
  if (place === null) throw invalidQuery([{ pointer: '/page', detail: 'is no page of this list' }]);
  return place;
}

/** The requests of a ticket: their ids follow from its id, so that nothing is searched through. */
export const requestSearch =
  (services: RequestListServices) =>
  async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { ticketId } = await parsedBody(request, searchBody, bodyLimit);
    const requests = await summariesOf(services, requestIdsOfTicket(services, ticketId));
    return jsonResponse(200, { requests });
  };

/** A request as lists show it, and more of it. */
export const readSummary =
  (services: SummaryServices, requests: OfficerRequests): OfficerHandler =>
  async (call) =>
    jsonResponse(200, await wholeSummaryOf(services, call.record, requests.actorsOf(call)));
