import type { Config } from '../config/config';
import { handOverOf } from '../config/delivery';
import { ask, notChecked, ok, problem, type Check, type Diagnostic } from './diagnostics';

interface Discovery {
  issuer?: string;
  jwks_uri?: string;
  acr_values_supported?: string[];
}

/** The discovery document of an issuer (OpenID Connect Discovery 1.0); null without one. */
async function discoveryOf(issuer: string): Promise<Discovery | null> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await ask(address);
  if (!response?.ok) return null;
  return (await response.json().catch(() => null)) as Discovery | null;
}

async function checkIssuer(
  check: string,
  setting: string,
  issuer: string,
): Promise<{ discovery: Discovery | null; diagnostic: Diagnostic }> {
  const discovery = await discoveryOf(issuer);
  if (discovery === null) {
    const fix = `Correct ${setting}: ISSUER/.well-known/openid-configuration must exist.`;
    return {
      discovery,
      diagnostic: problem(check, 'The issuer has no discovery document.', fix),
    };
  }
  if (discovery.issuer !== issuer) {
    const fix = `Set ${setting} to the issuer exactly as the document names it, slash and version included.`;
    return {
      discovery,
      diagnostic: problem(check, 'The discovery document names another issuer.', fix),
    };
  }
  return { discovery, diagnostic: ok(check, 'The issuer answers.') };
}

/** The directory of officers. */
export const checkDirectory: Check = async ({ config }) => {
  const { officers } = config;
  if (officers.kind === 'none') {
    return [
      problem(
        'officers.directory',
        'No directory of officers is set: nobody can decide, extend, refuse or recall.',
        'Set OFFICER_ISSUER, OFFICER_CLIENT_ID and OFFICER_CLIENT_SECRET.',
      ),
    ];
  }
  const { issuer, tenant } = officers;
  const { diagnostic } = await checkIssuer('officers.directory', 'OFFICER_ISSUER', issuer);
  const safeguards = [factorsOf(officers), handOverDiagnostic(config)];
  if (tenant !== null || !issuer.includes('microsoftonline')) return [diagnostic, ...safeguards];
  return [
    diagnostic,
    ...safeguards,
    problem(
      'officers.tenant',
      'Tokens of any tenant of this issuer would be accepted.',
      'Set OFFICER_TENANT to the id of your tenant.',
    ),
  ];
};

/** Whether two officers are needed to hand a package over. */
function handOverDiagnostic(config: Config): Diagnostic {
  const check = 'officers.handOver';
  const { oneOfficerReason } = config.delivery;
  if (handOverOf(config) === 'twoOfficers') return ok(check, 'Two officers hand a package over.');
  return notChecked(
    check,
    `One officer hands a package over${oneOfficerReason === null ? '.' : `, because: ${oneOfficerReason}`}`,
  );
}

/** How strong a sign-in of officers must be. */
function factorsOf({
  acr,
  amr,
  context,
  oneFactorReason,
}: Extract<Config['officers'], { kind: 'directory' }>): Diagnostic {
  const check = 'officers.factors';
  if (acr.length + amr.length > 0 || context !== null)
    return ok(check, 'A sign-in of officers must be as strong as the settings say.');
  if (oneFactorReason === null)
    return notChecked(check, 'On loopback, one factor is enough for officers.');
  return notChecked(check, `One factor is enough for officers, because: ${oneFactorReason}`);
}

/** The company's own login. */
export const checkLogin: Check = async ({ config: { customerLogin: login } }) => {
  if (login.kind === 'none') return [notChecked('login.issuer', 'No login for customers is set.')];
  const { discovery, diagnostic } = await checkIssuer(
    'login.issuer',
    'CUSTOMER_LOGIN_ISSUER',
    login.issuer,
  );
  const offered = discovery?.acr_values_supported;
  if (offered === undefined || login.acr.length === 0) return [diagnostic];
  if (login.acr.some((one) => offered.includes(one))) return [diagnostic];
  return [
    diagnostic,
    problem(
      'login.acr',
      'The login offers none of the classes in CUSTOMER_LOGIN_ACR: every sign-in would be refused.',
      `Set CUSTOMER_LOGIN_ACR to one of: ${offered.join(', ')}.`,
    ),
  ];
};
