metadata description = 'Workbook in the Azure portal: requests by state, their age against the legal clock, throughput, use of the Genesys rate limit, alerts.'

@description('Short name of the installation.')
param name string
@description('Azure region.')
param location string
@description('Tags of every resource.')
param tags object
@description('Workspace that the app\'s logs go to.')
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, name, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: '${name}: data requests'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: loadTextContent('../workbook.json')
  }
}
