metadata description = 'Settings of the workspace, with what is done to lines before they are stored.'

@description('Name of the workspace.')
param name string
@description('Azure region.')
param location string
@description('Tags of every resource.')
param tags object
@description('Retention of logs, in days.')
param retentionDays int
@description('Retention of the log of reads and deletions of packages, in days.')
param downloadRetentionDays int
@description('Rule by which lines are transformed before they are stored.')
param transformationId string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    features: { disableLocalAuth: true }
    defaultDataCollectionRuleResourceId: transformationId
  }

  resource downloads 'tables' = {
    name: 'StorageBlobLogs'
    properties: {
      retentionInDays: downloadRetentionDays
      totalRetentionInDays: downloadRetentionDays
    }
  }
}

output id string = workspace.id
output name string = workspace.name
output customerId string = workspace.properties.customerId
