import { hasRecord, identifiersOf, type Contact } from '../core/subject/contact';
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

/**
 * Methods by which the person of a request can verify their identity, in the order of the offer. None where
 * somebody acts for them: what is on file proves who the person is, not who acts for them, and codes would
 * go to the person, who may know nothing of it.
 */
export async function methodsOf(
  { authenticators, login, settings }: MethodServices,
  { organisation, requester }: Pick<RequestRecord, 'organisation' | 'requester'>,
  { contact, decision }: Pick<RequestDetails, 'contact' | 'decision'>,
): Promise<StepUpMethod[]> {
  if (!contact || requester !== undefined) return [];
  const { stepUp } = settings.authentication;
  const hasLogin = login !== null && isKnownToLogin(settings, contact);
  if (!hasRecord(contact)) {
    // Nothing is on file: an officer chooses the one method that a request of such a person may use.
    const chosen = decision?.method;
    if (chosen === 'oidc') return hasLogin ? [chosen] : [];
    const isPossible = stepUp.offered.includes('sms') && smsNumberOf(contact) !== null;
    return chosen === 'sms' && isPossible ? [chosen] : [];
  }
  const methods = usableMethods(stepUp, {
    hasPhone: smsNumberOf(contact) !== null,
    hasTotp: await authenticators.isEnrolled(
      await authenticators.authenticatorIdOf(organisation, contact.id),
    ),
    hasLogin,
  });
  const isChosen = decision?.method === 'oidc' && hasLogin && !methods.includes('oidc');
  return isChosen ? [...methods, 'oidc'] : methods;
}

/** Whether the person has something that the company's login verifies. */
function isKnownToLogin(
  { authentication: { loginClaim } }: Pick<Settings, 'authentication'>,
  contact: Contact,
): boolean {
  const isEmail = loginClaim === 'email';
  if (hasRecord(contact)) return (isEmail ? contact.emails : contact.phones).length > 0;
  return identifiersOf(contact).some(({ type }) => type === (isEmail ? 'email' : 'phone'));
}
