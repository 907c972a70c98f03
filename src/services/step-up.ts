import { smsNumberOf } from '../core/subject/reachability';
import { usableMethods, type StepUpMethod } from '../core/authentication/step-up';
import type {
  Authenticators,
  LoginProvider,
  RequestDetails,
  RequestRecord,
  Settings,
} from '../ports';

/** What the choice of methods uses. */
export interface MethodServices {
  authenticators: Pick<Authenticators, 'authenticatorIdOf' | 'isEnrolled'>;
  /** Null if the company has no login for its customers. */
  login: LoginProvider | null;
  settings: Pick<Settings, 'authentication'>;
}

/** Methods by which the person of a request can verify their identity, in the order of the offer. */
export async function methodsOf(
  { authenticators, login, settings }: MethodServices,
  { organisation }: Pick<RequestRecord, 'organisation'>,
  { contact, decision }: Pick<RequestDetails, 'contact' | 'decision'>,
): Promise<StepUpMethod[]> {
  if (!contact) return [];
  const { stepUp, loginClaim } = settings.authentication;
  const known = loginClaim === 'email' ? contact.emails : contact.phones;
  const hasLogin = login !== null && known.length > 0;
  const methods = usableMethods(stepUp, {
    hasPhone: smsNumberOf(contact) !== null,
    hasTotp: await authenticators.isEnrolled(
      authenticators.authenticatorIdOf(organisation, contact.id),
    ),
    hasLogin,
  });
  const isChosen = decision?.method === 'oidc' && hasLogin && !methods.includes('oidc');
  return isChosen ? [...methods, 'oidc'] : methods;
}
