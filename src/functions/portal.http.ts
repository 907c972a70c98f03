import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import * as df from 'durable-functions';
import type { Environment } from '../activities/environment';
import type { TokenStore } from '../adapters/identity/tokens';
import { emptyBody } from '../core/api-bodies';
import { answering, jsonAnswer } from './http';
import { portalApp } from './portal-app';
import { PortalDesk } from './portal-desk';
import { portalDownload } from './portal-download';
import { portalStepUp, type LoginSubject } from './portal-step-up';
import { portalView } from './portal-view';
import type { PendingLogin } from './sign-in';

/**
 * The person's portal. GET reads; only POST changes anything, because mail scanners open links. What
 * an invitation alone opens is the way to a step-up, and nothing else.
 */
export function registerPortal(
  env: Environment,
  pending: TokenStore<PendingLogin<LoginSubject>>,
): void {
  const desk = new PortalDesk(env);
  const stepUp = portalStepUp(desk, pending);
  const apps = portalApp(desk);
  const delivery = portalDownload(desk);

  async function read(request: HttpRequest): Promise<HttpResponseInit> {
    return jsonAnswer(200, await portalView(desk, await desk.visitOf(request)));
  }

  async function signOut(request: HttpRequest): Promise<HttpResponseInit> {
    await desk.postBody(request, emptyBody);
    return { ...jsonAnswer(200, {}), cookies: [await desk.endSession(request)] };
  }

  const post = (name: string, path: string, handler: Parameters<typeof answering>[0]): void =>
    app.http(name, {
      route: `portal/api/${path}`,
      methods: ['POST'],
      authLevel: 'anonymous',
      extraInputs: [df.input.durableClient()],
      handler: answering(handler),
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
    handler: answering(read),
  });
  app.http('portalCallback', {
    route: 'portal/callback',
    methods: ['GET'],
    authLevel: 'anonymous',
    extraInputs: [df.input.durableClient()],
    handler: answering(stepUp.finishOidc),
  });
}
