import { app } from '@azure/functions';
import * as df from 'durable-functions';
import { emptyBody } from '../../core/api/bodies';
import type { TokenStore } from '../../ports';
import { withProblemDetails, jsonResponse } from '../shared/http';
import type { PendingLogin } from '../shared/sign-in';
import { PortalEnrolment, type EnrolmentServices } from './authenticator-app';
import { PortalContext, type PortalContextServices } from './context';
import { PortalDownload, type DownloadServices } from './download';
import { PortalStepUp, type LoginSubject, type StepUpServices } from './step-up';
import { viewOf } from './view';

export type PortalServices = PortalContextServices &
  StepUpServices &
  EnrolmentServices &
  DownloadServices;

/**
 * The portal's calls. GET reads and only POST changes anything, because mail scanners open links. An
 * invitation alone leads to the step-up and to nothing else.
 */
export function registerPortal(
  services: PortalServices,
  pending: TokenStore<PendingLogin<LoginSubject>>,
): void {
  const portal = new PortalContext(services);
  const stepUp = new PortalStepUp(services, portal, pending);
  const enrolment = new PortalEnrolment(services, portal);
  const download = new PortalDownload(services, portal);

  const post = (
    name: string,
    path: string,
    handler: Parameters<typeof withProblemDetails>[0],
  ): void =>
    app.http(name, {
      route: `portal/api/${path}`,
      methods: ['POST'],
      authLevel: 'anonymous',
      extraInputs: [df.input.durableClient()],
      handler: withProblemDetails(handler),
    });
  post('portalOpen', 'open', stepUp.openInvitation);
  post('portalCode', 'code', stepUp.sendCode);
  post('portalVerify', 'verify', stepUp.verify);
  post('portalLogin', 'login', stepUp.beginLogin);
  post('portalEnrol', 'app', enrolment.enrol);
  post('portalConfirmApp', 'app/confirm', enrolment.confirm);
  post('portalDownload', 'download', download.link);
  post('portalDelivered', 'delivered', download.delivered);
  post('portalPassphrase', 'passphrase', download.passphrase);
  post('portalSignOut', 'sign-out', async (request) => {
    await portal.postBody(request, emptyBody);
    return { ...jsonResponse(200, {}), cookies: [await portal.endSession(request)] };
  });
  app.http('portalRequest', {
    route: 'portal/api/request',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: withProblemDetails(async (request) =>
      jsonResponse(200, await viewOf(services, portal, request)),
    ),
  });
  app.http('portalCallback', {
    route: 'portal/callback',
    methods: ['GET'],
    authLevel: 'anonymous',
    extraInputs: [df.input.durableClient()],
    handler: withProblemDetails(stepUp.finishLogin),
  });
}
