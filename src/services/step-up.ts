import { usableMethods, type StepUpMethod } from '../core/authentication/step-up';
import { smsNumberOf } from '../core/subject/resolve-contact';
import type { RequestDetails, RequestRecord } from '../ports';
import type { Environment } from './environment';

/** Methods by which the person of a request can prove themselves, in the order in which they are offered. */
export async function methodsOf(
  env: Environment,
  { organisation }: Pick<RequestRecord, 'organisation'>,
  { contact, decision }: Pick<RequestDetails, 'contact' | 'decision'>,
): Promise<StepUpMethod[]> {
  if (!contact) return [];
  const { stepUp, loginClaim } = env.settings.authentication;
  const known = loginClaim === 'email' ? contact.emails : contact.phones;
  const hasLogin = env.login !== null && known.length > 0;
  const methods = usableMethods(stepUp, {
    hasPhone: smsNumberOf(contact) !== null,
    hasTotp: await env.authenticators.isEnrolled(
      env.authenticators.authenticatorIdOf(organisation, contact.id),
    ),
    hasLogin,
  });
  const isChosen = decision?.method === 'oidc' && hasLogin && !methods.includes('oidc');
  return isChosen ? [...methods, 'oidc'] : methods;
}
