metadata description = 'One alert rule for each condition of a request that needs attention, and one for each job of the timer that has not run. The app checks every hour and logs a line for each finding; docs/runbook.md explains what each means and what to do.'

@description('Short name of the installation.')
param name string
@description('Azure region.')
param location string
@description('Tags of every resource.')
param tags object
@description('Workspace that the app\'s logs go to.')
param workspaceId string
@description('Who alerts go to.')
param actionGroupId string

var rules = [
  { code: 'requestFailed', severity: 2, text: 'A request has failed and waits for an officer.' }
  { code: 'permissionMissing', severity: 1, text: 'The OAuth client in Genesys Cloud lacks a permission.' }
  { code: 'deadlineNear', severity: 2, text: 'The legal deadline of a request is near.' }
  { code: 'deadlinePassed', severity: 0, text: 'The legal deadline of a request has passed.' }
  { code: 'acknowledgementDue', severity: 1, text: 'The receipt of a request has to be confirmed to the person.' }
  { code: 'exportStalled', severity: 1, text: 'An export has stalled.' }
  { code: 'cleanupOverdue', severity: 1, text: 'Data is stored beyond its retention period.' }
  { code: 'custodyBroken', severity: 0, text: 'A custody record was changed or removed.' }
  { code: 'intakeUndelivered', severity: 1, text: 'The ticketing system does not take a request from the intake page.' }
]

// How long a job may be silent: some times its period, and the minutes that a line is under way.
var jobs = [
  { name: 'sweeper', window: 'PT1H', text: 'Every minute, it starts what the ledger says and sends messages.' }
  { name: 'monitor', window: 'PT3H', text: 'Every hour, it looks for everything else that needs attention.' }
  { name: 'purgeExpired', window: 'P2D', text: 'Every night, it deletes what is due.' }
  { name: 'purgeHistories', window: 'P2D', text: 'Every night, it deletes histories of orchestrations.' }
  { name: 'reviewCustody', window: 'P2D', text: 'Every night, it checks custody records and signs them.' }
  { name: 'repairIndex', window: 'P2D', text: 'Every night, it compares the index of requests with the requests.' }
]

// An alert stays fired while its condition holds, and tells nobody again. So each request has alerts of its
// own, or a second failed request would pass unnoticed. The window covers two runs of the monitor, because
// lines arrive minutes late.
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
      windowSize: 'PT2H'
      autoMitigate: true
      // The table does not exist before the first line is written to it.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: 'AppTraces | where Message has "portability.alert code=${rule.code} " | parse Message with * "request=" request | project TimeGenerated, request'
            timeAggregation: 'Count'
            dimensions: [{ name: 'request', operator: 'Include', values: ['*'] }]
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [actionGroupId] }
    }
  }
]

resource heartbeatAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for job in jobs: {
    name: '${name}-${job.name}HeartbeatMissing'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${name}: ${job.name}HeartbeatMissing'
      description: 'The job ${job.name} has not run. ${job.text} See docs/runbook.md#${toLower(job.name)}heartbeatmissing.'
      severity: 1
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT1H'
      windowSize: job.window
      autoMitigate: true
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: 'AppTraces | where Message has "portability.job name=${job.name} "'
            timeAggregation: 'Count'
            operator: 'LessThan'
            threshold: 1
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [actionGroupId] }
    }
  }
]
