import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import * as df from 'durable-functions';
import type { Environment } from '../../services/environment';
import type { TokenStore } from '../../adapters/authentication/tokens';
import { emptyBody } from '../../core/api/bodies';
import { withProblemDetails, jsonResponse } from '../shared/http';
import { portalApp } from './authenticator-app';
import { PortalContext } from './context';
import { portalDownload } from './download';
import { portalStepUp, type LoginSubject } from './step-up';
import { portalView } from './view';
import type { PendingLogin } from '../shared/sign-in';

/**
 * The person's portal. GET reads; only POST changes anything, because mail scanners open links. What
 * an invitation alone opens is the way to a step-up, and nothing else.
 */
export function registerPortal(
  env: Environment,
  pending: TokenStore<PendingLogin<LoginSubject>>,
): void {
  const portal = new PortalContext(env);
  const stepUp = portalStepUp(portal, pending);
  const apps = portalApp(portal);
  const delivery = portalDownload(portal);

  async function read(request: HttpRequest): Promise<HttpResponseInit> {
    return jsonResponse(200, await portalView(portal, await portal.visitOf(request)));
  }

  async function signOut(request: HttpRequest): Promise<HttpResponseInit> {
    await portal.postBody(request, emptyBody);
    return { ...jsonResponse(200, {}), cookies: [await portal.endSession(request)] };
  }

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
  post('portalLogin', 'login', stepUp.beginOidc);
  post('portalEnrol', 'app', apps.enrol);
  post('portalConfirmApp', 'app/confirm', apps.confirmEnrolment);
  post('portalDownload', 'download', delivery.download);
  post('portalDelivered', 'delivered', delivery.delivered);
  post('portalPassphrase', 'passphrase', delivery.passphrase);
  post('portalSignOut', 'sign-out', signOut);
  app.http('portalRequest', {
    route: 'portal/api/request',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: withProblemDetails(read),
  });
  app.http('portalCallback', {
    route: 'portal/callback',
    methods: ['GET'],
    authLevel: 'anonymous',
    extraInputs: [df.input.durableClient()],
    handler: withProblemDetails(stepUp.finishOidc),
  });
}
