metadata description = 'What the deployment pipeline may do: publish the app by the publish endpoint of its own site, which stores the package itself.'

@description('Name of the app.')
param appName string
@description('Who publishes the app.')
param principalId string

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName
}

resource onApp 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: app
  name: guid(app.id, principalId, 'Website Contributor')
  properties: {
    description: 'Website Contributor'
    roleDefinitionId: roleDefinitions('Website Contributor').id
    principalId: principalId
  }
}
