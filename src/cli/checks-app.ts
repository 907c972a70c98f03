import { legalClockOf } from '../core/request/legal-clock';
import { addDays } from '../core/time/time';
import {
  ask,
  notChecked,
  ok,
  problem,
  skewOf,
  warning,
  type Check,
  type Diagnostic,
} from './diagnostics';

/** Settings of the Functions host. */
export const checkHost: Check = ({ settings, config }) => {
  const diagnostics: Diagnostic[] = [];
  const hub = settings['AzureWebJobsStorage'];
  const hubAccount = settings['AzureWebJobsStorage__accountName'];
  if (!hub && !hubAccount) {
    diagnostics.push(
      problem(
        'host.taskHub',
        'The host has no storage for its task hub.',
        'Set AzureWebJobsStorage__accountName (in Azure) or AzureWebJobsStorage.',
      ),
    );
  } else if (hubAccount !== undefined && hubAccount === config.STORAGE_ACCOUNT) {
    diagnostics.push(
      problem(
        'host.taskHub',
        'Task hub and packages share a storage account.',
        'Give the task hub an account of its own: its rights and its logs are other ones.',
      ),
    );
  } else diagnostics.push(ok('host.taskHub', 'The task hub has its storage.'));
  if (settings['AzureWebJobsDisableHomepage'] !== 'true') {
    diagnostics.push(
      problem(
        'host.homepage',
        'The host shows a page of its own at /.',
        'Set AzureWebJobsDisableHomepage to true.',
      ),
    );
  }
  if (config.CLOCK_OFFSET_FILE !== undefined) {
    diagnostics.push(
      warning('host.clock', 'The app follows a moved clock.', 'Remove CLOCK_OFFSET_FILE.'),
    );
  }
  if (config.FAILURES_ALLOWED > 0) {
    diagnostics.push(
      warning(
        'policy.failures',
        `Packages may be released with up to ${config.FAILURES_ALLOWED} failed items.`,
        'Set FAILURES_ALLOWED to 0 and let an officer accept failures, request by request.',
      ),
    );
  }
  return Promise.resolve(diagnostics);
};

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
): Promise<{ found: Discovery | null; diagnostics: Diagnostic[] }> {
  const found = await discoveryOf(issuer);
  if (found === null) {
    const fix = `Correct ${setting}: ISSUER/.well-known/openid-configuration must be there.`;
    return { found, diagnostics: [problem(check, 'The issuer has no discovery document.', fix)] };
  }
  if (found.issuer !== issuer) {
    const fix = `Set ${setting} to the issuer exactly as the document names it, slash and version included.`;
    return { found, diagnostics: [problem(check, 'The issuer calls itself otherwise.', fix)] };
  }
  return { found, diagnostics: [ok(check, 'The issuer answers.')] };
}

/** The directory of officers. */
export const checkDirectory: Check = async ({ config }) => {
  if (config.OFFICER_ISSUER === undefined) {
    return [
      problem(
        'officers.directory',
        'No directory of officers is set: nobody can decide, extend, refuse or recall.',
        'Set OFFICER_ISSUER, OFFICER_CLIENT_ID and OFFICER_CLIENT_SECRET.',
      ),
    ];
  }
  const { diagnostics } = await checkIssuer(
    'officers.directory',
    'OFFICER_ISSUER',
    config.OFFICER_ISSUER,
  );
  if (config.OFFICER_TENANT === undefined && config.OFFICER_ISSUER.includes('microsoftonline')) {
    diagnostics.push(
      problem(
        'officers.tenant',
        'Tokens of any tenant of this issuer would be taken.',
        'Set OFFICER_TENANT to the id of your tenant.',
      ),
    );
  }
  return diagnostics;
};

/** The company's own login. */
export const checkLogin: Check = async ({ config }) => {
  if (config.CUSTOMER_LOGIN_ISSUER === undefined)
    return [notChecked('login.issuer', 'No login of the company is set.')];
  const { found, diagnostics } = await checkIssuer(
    'login.issuer',
    'CUSTOMER_LOGIN_ISSUER',
    config.CUSTOMER_LOGIN_ISSUER,
  );
  const offered = found?.acr_values_supported;
  const isKnown = config.CUSTOMER_LOGIN_ACR.some((one) => offered?.includes(one));
  if (offered !== undefined && config.CUSTOMER_LOGIN_ACR.length > 0 && !isKnown) {
    diagnostics.push(
      problem(
        'login.acr',
        'The login offers none of the classes in CUSTOMER_LOGIN_ACR: every sign-in would be refused.',
        `Set CUSTOMER_LOGIN_ACR to one of: ${offered.join(', ')}.`,
      ),
    );
  }
  return diagnostics;
};

/** The app as people reach it. */
export const checkPortal: Check = async ({ config, environment }) => {
  const { PORTAL_ORIGIN: origin } = config;
  const health = await ask(`${origin}/health`);
  if (health === null || !health.ok) {
    return [
      problem(
        'portal.reach',
        'The portal does not answer at PORTAL_ORIGIN.',
        'Is the app running, and does the name lead to it? See docs/deployment.md for custom domains.',
      ),
    ];
  }
  const diagnostics = [ok('portal.reach', 'The portal answers.')];
  const skew = skewOf(health.headers.get('date'));
  if (skew !== null) {
    diagnostics.push(
      problem(
        'portal.clock',
        `The clock of the app's machine and this one differ by ${Math.abs(skew)} s.`,
        'Let both follow a time server.',
      ),
    );
  }
  const published = await ask(`${origin}/.well-known/jwks.json`);
  const { keys } = ((await published?.json().catch(() => null)) ?? { keys: [] }) as {
    keys: { kid: string }[];
  };
  const mine = (await environment.keys.publicKeys()).keys as { kid: string }[];
  const isMine = mine.every(({ kid }) => keys.some((one) => one.kid === kid));
  diagnostics.push(
    isMine
      ? ok('portal.keys', 'The portal publishes the keys that packages are signed with.')
      : problem(
          'portal.keys',
          'The portal publishes other keys than these settings sign with.',
          'Is PORTAL_ORIGIN another installation, or are LOCAL_KEY_FILE or KEY_VAULT_URL those of another?',
        ),
  );
  return diagnostics;
};

/** The calendar of the law. */
export const checkCalendar: Check = ({ config, environment }) => {
  const diagnostics: Diagnostic[] = [];
  if (config.CONTROLLER_TIME_ZONE === 'UTC') {
    diagnostics.push(
      warning(
        'calendar.timeZone',
        'Days of the law are counted in UTC.',
        'Set CONTROLLER_TIME_ZONE to where the company is.',
      ),
    );
  }
  const now = environment.clock.now();
  const days = [...config.HOLIDAY_FILE].sort();
  const last = days.at(-1);
  if (last === undefined) {
    diagnostics.push(
      warning(
        'calendar.holidays',
        'No public holidays are known: deadlines may end on one, which is earlier than the law asks.',
        'Set HOLIDAY_FILE.',
      ),
    );
  } else if (last < addDays(now, 120).toISOString().slice(0, 10)) {
    diagnostics.push(
      problem(
        'calendar.holidays',
        `The holidays in HOLIDAY_FILE end on ${last}, and requests of today may be due later.`,
        'Add the holidays of the coming year.',
      ),
    );
  } else diagnostics.push(ok('calendar.holidays', `Holidays are known until ${last}.`));
  const facts = { verificationRequestedAt: null, verifiedAt: null, extendedAt: null };
  const { dueAt } = legalClockOf(
    { receivedAt: now.toISOString(), ...facts },
    environment.settings.legalClock,
    now,
  );
  diagnostics.push(ok('calendar.clock', `A request of today is due before ${dueAt}.`));
  return Promise.resolve(diagnostics);
};
