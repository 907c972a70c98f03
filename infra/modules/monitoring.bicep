metadata description = 'Log Analytics workspace and Application Insights for logs, traces and metrics. Both accept identities only, no keys. Of the storage log, only lines of packages are kept, without who asked.'

@description('Short name of the installation.')
param name string
@description('Azure region.')
param location string
@description('Tags of every resource.')
param tags object
@description('Retention of logs, in days.')
param retentionDays int
@description('Retention of the log of reads and deletions of packages, in days.')
param downloadRetentionDays int

var workspaceName = '${name}-logs'

// The transformation names the workspace, and the workspace names the transformation: so it is made without
// one, once, and given its settings below at every deployment.
@onlyIfNotExists()
resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    features: { disableLocalAuth: true }
  }
}

resource transformation 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: '${name}-logs'
  location: location
  tags: tags
  kind: 'WorkspaceTransforms'
  properties: {
    description: 'Reads and deletions of packages without address, browser and page of who asked; nothing else of the storage log.'
    destinations: {
      logAnalytics: [{ name: 'workspace', workspaceResourceId: workspace.id }]
    }
    dataFlows: [
      {
        streams: ['Microsoft-Table-StorageBlobLogs']
        destinations: ['workspace']
        transformKql: 'source | where OperationName in (\'GetBlob\', \'DeleteBlob\') and ObjectKey has \'/packages/\' | extend CallerIpAddress = \'\', UserAgentHeader = \'\', ReferrerHeader = \'\''
      }
    ]
  }
}

module settings 'workspace.bicep' = {
  name: 'workspace'
  params: {
    name: workspace.name
    location: location
    tags: tags
    retentionDays: retentionDays
    downloadRetentionDays: downloadRetentionDays
    transformationId: transformation.id
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: '${name}-insights'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
    IngestionMode: 'LogAnalytics'
  }
}

output workspaceId string = settings.outputs.id
output workspaceName string = settings.outputs.name
output workspaceCustomerId string = settings.outputs.customerId
output applicationInsightsId string = insights.id
output applicationInsightsName string = insights.name
output connectionString string = insights.properties.ConnectionString
