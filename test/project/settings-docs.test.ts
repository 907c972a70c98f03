import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { localSettingsExample, settingsPage } from '../../local/settings-docs';
import { settingNames } from '../../src/config/config';
import { root } from '../helpers/root';

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('settings', () => {
  it('are all described in docs/settings.md and the example, which are generated', () => {
    const page = textOf('docs/settings.md');
    const [ofApp = ''] = page.split('## Functions host');
    const rows = [...ofApp.matchAll(/^\| `([A-Z][A-Z0-9_]+)` +\|/gm)].map(([, name]) => name);
    expect([...new Set(rows)]).toEqual(settingNames);
    // `npm run docs:settings` writes both.
    expect(page).toBe(settingsPage());
    expect(textOf('local.settings.example.json')).toBe(localSettingsExample());
  });
});
