import { legalClockOf } from '../core/request/legal-clock';
import { addDays } from '../core/time/time';
import { skewOf } from '../services/trials';
import { ask, ok, problem, warning, type Check, type Diagnostic } from './diagnostics';

/** Settings of the Functions host. */
export const checkHost: Check = ({ settings, config }) => {
  const { storage } = config;
  const diagnostics = [checkTaskHub(settings, storage.kind === 'account' ? storage.account : null)];
  if (settings['AzureWebJobsDisableHomepage'] !== 'true') {
    diagnostics.push(
      problem(
        'host.homepage',
        'The host shows a page of its own at /.',
        'Set AzureWebJobsDisableHomepage to true.',
      ),
    );
  }
  if (config.clock.kind === 'moved') {
    diagnostics.push(
      warning('host.clock', 'The app follows a moved clock.', 'Remove CLOCK_OFFSET_FILE.'),
    );
  }
  const { failuresAllowed } = config.export;
  if (failuresAllowed > 0) {
    diagnostics.push(
      warning(
        'policy.failures',
        `Packages may be released with up to ${failuresAllowed} failed items.`,
        'Set FAILURES_ALLOWED to 0 and let an officer accept failures, request by request.',
      ),
    );
  }
  return Promise.resolve(diagnostics);
};

/**
 * Whether the host has storage for its task hub, and not that of the packages.
 * @param packageAccount account of the packages; null with the emulator
 */
export function checkTaskHub(
  settings: Record<string, string | undefined>,
  packageAccount: string | null,
): Diagnostic {
  const address = settings['AzureWebJobsStorage__blobServiceUri'];
  if (address && !URL.canParse(address)) {
    return problem(
      'host.taskHub',
      'AzureWebJobsStorage__blobServiceUri is no address.',
      'Set it to the address of the blobs of the task hub, such as https://ACCOUNT.blob.core.windows.net.',
    );
  }
  const account = address
    ? new URL(address).hostname.split('.')[0]
    : settings['AzureWebJobsStorage__accountName'];
  if (!settings['AzureWebJobsStorage'] && !account) {
    return problem(
      'host.taskHub',
      'The host has no storage for its task hub.',
      'Set AzureWebJobsStorage__blobServiceUri (in Azure) or AzureWebJobsStorage.',
    );
  }
  if (account === packageAccount) {
    return problem(
      'host.taskHub',
      'Task hub and packages share a storage account.',
      'Give the task hub an account of its own: its permissions and logs differ.',
    );
  }
  return ok('host.taskHub', 'The task hub has its storage.');
}

/** The app as people reach it. */
export const checkPortal: Check = async ({ config, app }) => {
  const { origin } = config.portal;
  const health = await ask(`${origin}/health`);
  if (health === null || !health.ok) {
    return [
      problem(
        'portal.reach',
        'The portal does not answer at PORTAL_ORIGIN.',
        'Is the app running, and does the name resolve to it? See docs/deployment.md for custom domains.',
      ),
    ];
  }
  const diagnostics = [ok('portal.reach', 'The portal answers.')];
  const skew = skewOf(health.headers.get('date'), new Date());
  if (skew !== null) {
    diagnostics.push(
      problem(
        'portal.clock',
        `The clocks of the app's machine and this one differ by ${Math.abs(skew)} s.`,
        'Synchronise both with a time server.',
      ),
    );
  }
  const published = await ask(`${origin}/.well-known/jwks.json`);
  const { keys } = ((await published?.json().catch(() => null)) ?? { keys: [] }) as {
    keys: { kid: string }[];
  };
  const own = (await app.keys.publicKeys()).keys as { kid: string }[];
  const arePublished = own.every(({ kid }) => keys.some((one) => one.kid === kid));
  diagnostics.push(
    arePublished
      ? ok('portal.keys', 'The portal publishes the keys that packages are signed with.')
      : problem(
          'portal.keys',
          'The portal publishes other keys than these settings sign with.',
          'Is PORTAL_ORIGIN another installation, or are LOCAL_KEY_FILE or KEY_VAULT_URL those of another?',
        ),
  );
  return diagnostics;
};

/** The calendar by which legal deadlines are counted. */
export const checkCalendar: Check = ({ config, app }) => {
  const { law, timeZone, holidays } = config.legalClock;
  const now = app.clock.now();
  const facts = { verificationRequestedAt: null, verifiedAt: null, extendedAt: null };
  const { dueAt } = legalClockOf(
    { law, receivedAt: now.toISOString(), ...facts },
    app.settings.legalClock,
    now,
  );
  return Promise.resolve([
    ...(timeZone === 'UTC'
      ? [
          warning(
            'calendar.timeZone',
            'The days of deadlines are counted in UTC.',
            "Set CONTROLLER_TIME_ZONE to the company's time zone.",
          ),
        ]
      : []),
    checkHolidays(holidays.holidaysByLaw?.[law] ?? holidays.holidays, now),
    ok('calendar.clock', `A request of today is due before ${dueAt}.`),
  ]);
};

function checkHolidays(holidays: ReadonlySet<string>, now: Date): Diagnostic {
  const last = [...holidays].sort().at(-1);
  if (last === undefined) {
    return warning(
      'calendar.holidays',
      'No public holidays are known: deadlines may end on one, which is earlier than the law asks.',
      'Set HOLIDAY_FILE.',
    );
  }
  if (last < addDays(now, 120).toISOString().slice(0, 10)) {
    return problem(
      'calendar.holidays',
      `The holidays in HOLIDAY_FILE end on ${last}, and requests of today may be due later.`,
      'Add the holidays of the coming year.',
    );
  }
  return ok('calendar.holidays', `Holidays are known until ${last}.`);
}
