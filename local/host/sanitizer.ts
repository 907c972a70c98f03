/** What the Functions host takes for the start of a credential (WebJobs SDK, Sanitizer.cs). */
const credentialTokens = [
  'Token=',
  'DefaultEndpointsProtocol=http',
  'AccountKey=',
  'Data Source=',
  'Server=',
  'Password=',
  'pwd=',
  '&amp;sig=',
  '&sig=',
  '?sig=',
  '&code=',
  '?code=',
];
const replacement = '[Hidden Credential]';

/**
 * Hides credentials in an error's message, as the Functions host does with every one that a worker
 * reports: from each token on, up to the next quote or `<`. It runs over text that may hold the JSON
 * of an orchestrator's state, which it can break; so it does there.
 */
export function sanitize(message: string): string {
  return credentialTokens.reduce((text, token) => {
    for (let from = 0; ;) {
      const start = text.toLowerCase().indexOf(token.toLowerCase(), from);
      if (start < 0) return text;
      const length = text.slice(start).search(/["<]/);
      const end = length < 0 ? text.length : start + length;
      text = text.slice(0, start) + replacement + text.slice(end);
      from = start + replacement.length;
    }
  }, message);
}
