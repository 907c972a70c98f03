import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../helpers/root';

const hostJson = JSON.parse(readFileSync(join(root, 'host.json'), 'utf8')) as {
  logging: {
    logLevel: Record<string, string>;
    applicationInsights: { samplingSettings: { isEnabled: boolean; excludedTypes: string } };
  };
  extensions: { durableTask: { storageProvider: Record<string, unknown> } };
};

describe('host.json', () => {
  it('gives messages of a host that stopped back after a minute, the least that the host accepts', () => {
    expect(hostJson.extensions.durableTask.storageProvider).toMatchObject({
      controlQueueVisibilityTimeout: '00:01:00',
      workItemQueueVisibilityTimeout: '00:01:00',
    });
  });

  it('samples nothing that alert rules and workbook read', () => {
    const { isEnabled, excludedTypes } = hostJson.logging.applicationInsights.samplingSettings;
    const kept = isEnabled ? excludedTypes.split(';') : [];
    expect(kept).toEqual(expect.arrayContaining(['Request', 'Exception', 'Trace']));
  });

  it('logs no line for every request to storage', () => {
    expect(hostJson.logging.logLevel['Azure.Core']).toBe('Warning');
  });
});
