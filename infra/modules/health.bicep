metadata description = 'Whether the app answers, asked from outside, and whether it, its storage or Genesys Cloud refuse calls.'

@description('Short name of the installation.')
param name string
@description('Azure region.')
param location string
@description('Tags of every resource.')
param tags object
@description('The cloud.')
param cloud string
@description('Where the app answers.')
param portalOrigin string
@description('Whether the app is asked from outside.')
param isAsked bool
@description('Where answers are recorded.')
param applicationInsightsId string
@description('Workspace that the app\'s logs go to.')
param workspaceId string
@description('An account whose refusals are watched.')
type account = {
  name: string
  id: string
}
@description('Storage accounts of the app.')
param storageAccounts account[]
@description('Who alerts go to.')
param actionGroupId string

// Where the tests of Application Insights run, by the names that each cloud has for them.
var places = {
  AzureCloud: ['emea-nl-ams-azr', 'emea-gb-db3-azr', 'emea-fr-pra-edge']
  AzureUSGovernment: ['usgov-va-azr', 'usgov-tx-azr', 'usgov-phx-azr']
  AzureChinaCloud: ['mc-cne-azr', 'mc-cne2-azr', 'mc-cnn2-azr']
}
var askedSeconds = 900

resource test 'Microsoft.Insights/webtests@2022-06-15' = if (isAsked) {
  name: '${name}-health'
  location: location
  tags: union(tags, { 'hidden-link:${applicationInsightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    Name: '${name}-health'
    SyntheticMonitorId: '${name}-health'
    Kind: 'standard'
    Enabled: true
    Frequency: askedSeconds
    // A cold start takes some seconds.
    Timeout: 60
    RetryEnabled: true
    Locations: [for place in places[cloud]: { Id: place }]
    Request: {
      RequestUrl: '${portalOrigin}/health'
      HttpVerb: 'GET'
      ParseDependentRequests: false
      FollowRedirects: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 14
    }
  }
}

resource unreachable 'Microsoft.Insights/metricAlerts@2018-03-01' = if (isAsked) {
  name: '${name}-appUnreachable'
  location: 'global'
  tags: tags
  properties: {
    description: 'The app does not answer two of the places outside. See docs/runbook.md#appunreachable.'
    severity: 1
    enabled: true
    scopes: [test.id, applicationInsightsId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT30M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: test.id
      componentId: applicationInsightsId
      failedLocationCount: 2
    }
    actions: [{ actionGroupId: actionGroupId }]
  }
}

resource serverErrors 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${name}-serverErrors'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${name}: serverErrors'
    description: 'The app answers calls with 5xx. See docs/runbook.md#servererrors.'
    severity: 2
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT30M'
    autoMitigate: true
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: 'AppRequests | where toint(ResultCode) between (500 .. 599) | where OperationName != \'ready\''
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 5
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [actionGroupId] }
  }
}

resource genesysThrottled 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${name}-genesysThrottled'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${name}: genesysThrottled'
    description: 'Genesys Cloud refuses calls because there are too many (429). See docs/runbook.md#genesysthrottled.'
    severity: 3
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT1H'
    windowSize: 'PT2H'
    autoMitigate: true
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: 'AppMetrics | where Name == \'portability.genesys.calls\' | extend status = tostring(Properties.status) | where status == \'429\' | project TimeGenerated, refused = Sum'
          metricMeasureColumn: 'refused'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 100
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [actionGroupId] }
  }
}

// Storage answers 503 when an account or a partition is asked too often.
resource storageThrottled 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for one in storageAccounts: {
    name: '${name}-storageThrottled-${one.name}'
    location: 'global'
    tags: tags
    properties: {
      description: 'The storage account ${one.name} refuses calls because there are too many. See docs/runbook.md#storagethrottled.'
      severity: 3
      enabled: true
      scopes: [one.id]
      evaluationFrequency: 'PT15M'
      windowSize: 'PT1H'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: 'refused'
            criterionType: 'StaticThresholdCriterion'
            metricNamespace: 'Microsoft.Storage/storageAccounts'
            metricName: 'Transactions'
            dimensions: [
              {
                name: 'ResponseType'
                operator: 'Include'
                values: [
                  'ServerBusyError'
                  'ClientThrottlingError'
                  'ClientAccountBandwidthThrottlingError'
                  'ClientAccountRequestThrottlingError'
                ]
              }
            ]
            timeAggregation: 'Total'
            operator: 'GreaterThan'
            threshold: 50
          }
        ]
      }
      actions: [{ actionGroupId: actionGroupId }]
    }
  }
]
