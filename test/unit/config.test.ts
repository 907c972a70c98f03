import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigError } from '../../src/config/config';
import { loadConfig, settingNames } from '../../src/config/config';
import { root } from '../helpers/scenario';

const example = (
  JSON.parse(readFileSync(join(root, 'local.settings.example.json'), 'utf8')) as {
    Values: Record<string, string>;
  }
).Values;

function problemsOf(environment: Record<string, string | undefined>): string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
}

describe('settings', () => {
  it('load from the example', () => {
    expect(loadConfig(example)).toMatchObject({
      SEARCH_YEARS: 7,
      AUDIO_FORMAT: 'mp3',
      PORTAL_LINK_MINUTES: 10,
    });
  });

  it('move the clock on loopback only', () => {
    const moved = { ...example, CLOCK_OFFSET_FILE: '/tmp/offset' };
    expect(problemsOf(moved)).toEqual([]);
    expect(problemsOf({ ...moved, PORTAL_ORIGIN: 'https://data.shop.example' })).toContain(
      'CLOCK_OFFSET_FILE is for rehearsals on loopback only',
    );
  });

  it('are all in the table of the README, and nothing else is', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const rows = [...readme.matchAll(/^\| `([A-Z][A-Z0-9_]+)` +\|/gm)].map(([, name]) => name);
    expect(rows).toEqual(settingNames);
  });

  it('report every problem at once', () => {
    const problems = problemsOf({});
    const required = settingNames.filter((name) =>
      problems.some((problem) => problem === `${name} is not set`),
    );
    expect(required).toEqual(
      expect.arrayContaining(['GENESYS_CLIENT_ID', 'PORTAL_ORIGIN', 'SMTP_URL', 'CONTROLLER_NAME']),
    );
    expect(problems).toHaveLength(required.length);
  });

  it.each([
    ['GENESYS_GATEWAY_URL', 'https://api.somewhere.example'],
    ['PORTAL_ORIGIN', 'http://portal.example'],
    ['SMS_GATEWAY_URL', 'http://sms.example'],
    ['GENESYS_CALLS_PER_MINUTE', '5'],
    ['PORTAL_LINK_MINUTES', '600'],
    ['AVAILABILITY_HOURS', '1'],
    ['AUDIO_FORMAT', 'flac'],
    ['DEFAULT_PHONE_REGION', 'Germany'],
    ['GENESYS_REGION', 'https://mypurecloud.de/'],
    ['SMTP_URL', 'mail.example'],
  ])('refuse a wrong %s by its name, and never print its value', (name, value) => {
    const problems = problemsOf({ ...example, [name]: value });
    const own = problems.filter((problem) => problem.startsWith(`${name} `));
    expect(own).toHaveLength(1);
    expect(problems.join('\n')).not.toContain(value);
  });

  it('count an empty value as not set', () => {
    expect(problemsOf({ ...example, CONTROLLER_NAME: '' })).toEqual(['CONTROLLER_NAME is not set']);
    expect(loadConfig({ ...example, SEARCH_YEARS: '' }).SEARCH_YEARS).toBe(7);
  });
});
