/**
 * What an app's durable client is given (BindingHelper.cs of the extension), as JSON text.
 * @param host task hub, the host's own address, the address of the RPC API, and the key of the
 *   management API
 */
export function durableClientBinding(host: {
  taskHub: string;
  url: string;
  rpcUrl: string;
  key: string;
}): string {
  const base = `${host.url}/runtime/webhooks/durabletask`;
  const required = `taskHub=${host.taskHub}&connection=Storage&code=${host.key}`;
  const create = `${base}/orchestrators/{functionName}[/{instanceId}]`;
  const manage = (operation: string): string =>
    `${base}/instances/INSTANCEID${operation}?${required}`;
  return JSON.stringify({
    taskHubName: host.taskHub,
    creationUrls: {
      createNewInstancePostUri: `${create}?code=${host.key}`,
      waitOnNewInstancePostUri: `${create}?timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&code=${host.key}`,
    },
    managementUrls: {
      id: 'INSTANCEID',
      statusQueryGetUri: manage(''),
      sendEventPostUri: manage('/raiseEvent/{eventName}'),
      terminatePostUri: `${manage('/terminate')}&reason={text}`,
      rewindPostUri: `${manage('/rewind')}&reason={text}`,
      purgeHistoryDeleteUri: manage(''),
      restartPostUri: manage('/restart'),
      suspendPostUri: `${manage('/suspend')}&reason={text}`,
      resumePostUri: `${manage('/resume')}&reason={text}`,
    },
    baseUrl: base,
    requiredQueryStringParameters: required,
    rpcBaseUrl: host.rpcUrl,
  });
}
