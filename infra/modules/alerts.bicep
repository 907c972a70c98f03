metadata description = 'One alert rule for each condition that needs attention. The app checks for them every hour and logs a line for each; docs/runbook.md explains what each means and what to do.'

@description('Short name of the installation.')
param name string
@description('Azure region.')
param location string
@description('Tags of every resource.')
param tags object
@description('Workspace that the app\'s logs go to.')
param workspaceId string
@description('Email address that alerts are sent to.')
param email string

var rules = [
  { code: 'requestFailed', severity: 2, text: 'A request has failed and waits for an officer.' }
  { code: 'permissionMissing', severity: 1, text: 'The OAuth client in Genesys Cloud lacks a permission.' }
  { code: 'deadlineNear', severity: 2, text: 'The legal deadline of a request is near.' }
  { code: 'deadlinePassed', severity: 0, text: 'The legal deadline of a request has passed.' }
  { code: 'acknowledgementDue', severity: 1, text: 'The receipt of a request has to be confirmed to the person.' }
  { code: 'exportStalled', severity: 1, text: 'An export has stalled.' }
  { code: 'cleanupOverdue', severity: 1, text: 'Data is stored beyond its retention period.' }
  { code: 'custodyBroken', severity: 0, text: 'A custody record was changed or removed.' }
]

resource officers 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${name}-officers'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: take(name, 12)
    enabled: true
    emailReceivers: [{ name: 'privacy', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource conditionAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${name}-${rule.code}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${name}: ${rule.code}'
      description: '${rule.text} See docs/runbook.md#${toLower(rule.code)}.'
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT1H'
      windowSize: 'PT1H'
      autoMitigate: true
      // The table does not exist before the first line is written to it.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: 'AppTraces | where Message has "portability.alert code=${rule.code} "'
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [officers.id] }
    }
  }
]

// The app checks every hour. Without its heartbeat, no other alert can fire.
resource heartbeatAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${name}-monitorHeartbeatMissing'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${name}: monitorHeartbeatMissing'
    description: 'The hourly monitor has not run. See docs/runbook.md#monitorheartbeatmissing.'
    severity: 1
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT1H'
    windowSize: 'PT3H'
    autoMitigate: true
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: 'AppTraces | where Message has "portability.monitor open="'
          timeAggregation: 'Count'
          operator: 'LessThan'
          threshold: 1
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [officers.id] }
  }
}
