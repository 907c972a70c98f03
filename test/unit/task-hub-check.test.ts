import { checkTaskHub } from '../../src/cli/checks-app';

describe('the check of the task hub', () => {
  it.each([
    [{}, 'packages', 'problem', /no storage/],
    [{ AzureWebJobsStorage: 'UseDevelopmentStorage=true' }, null, 'ok', /has its storage/],
    [{ AzureWebJobsStorage__accountName: 'hub' }, 'packages', 'ok', /has its storage/],
    [{ AzureWebJobsStorage__accountName: 'packages' }, 'packages', 'problem', /share/],
    [
      { AzureWebJobsStorage__blobServiceUri: 'https://hub.blob.core.usgovcloudapi.net/' },
      ...['packages', 'ok'],
      /has its storage/,
    ],
    [
      { AzureWebJobsStorage__blobServiceUri: 'https://packages.blob.core.windows.net' },
      ...['packages', 'problem'],
      /share/,
    ],
    [{ AzureWebJobsStorage__blobServiceUri: 'hub' }, ...['packages', 'problem'], /no address/],
  ] as [Record<string, string>, string | null, string, RegExp][])(
    'finds of %j beside the account %s: %s',
    (settings, account, outcome, message) => {
      expect(checkTaskHub(settings, account)).toMatchObject({
        check: 'host.taskHub',
        outcome,
        message: expect.stringMatching(message) as string,
      });
    },
  );
});
