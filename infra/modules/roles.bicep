metadata description = 'Everything that the app\'s identity may do, in one place. docs/infrastructure.md has the same as a table, and a test holds the two together.'

@description('Principal of the app\'s identity.')
param principalId string
@description('Account of packages and ledger.')
param packageStorageName string
@description('Account of the task hub.')
param hubStorageName string
@description('Name of the vault.')
param vaultName string
@description('Key that wraps the secrets of requests.')
param wrapKeyName string
@description('Key that signs packages.')
param signKeyName string
@description('Service that sends messages.')
param communicationServiceName string
@description('Where telemetry goes.')
param applicationInsightsName string
@description('Where reads of packages are logged.')
param workspaceName string

resource packageStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: packageStorageName
}

resource hubStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hubStorageName
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName

  resource wrapKey 'keys' existing = {
    name: wrapKeyName
  }

  resource signKey 'keys' existing = {
    name: signKeyName
  }
}

resource communicationService 'Microsoft.Communication/communicationServices@2023-04-01' existing = {
  name: communicationServiceName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

var packageRoles = ['Storage Blob Data Contributor', 'Storage Table Data Contributor']
resource onPackageStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in packageRoles: {
    scope: packageStorage
    name: guid(packageStorage.id, principalId, role)
    properties: {
      description: role
      roleDefinitionId: roleDefinitions(role).id
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

var hubRoles = ['Storage Blob Data Owner', 'Storage Queue Data Contributor', 'Storage Table Data Contributor']
resource onHubStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in hubRoles: {
    scope: hubStorage
    name: guid(hubStorage.id, principalId, role)
    properties: {
      description: role
      roleDefinitionId: roleDefinitions(role).id
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource onWrapKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault::wrapKey
  name: guid(vault::wrapKey.id, principalId, 'Key Vault Crypto Service Encryption User')
  properties: {
    description: 'Key Vault Crypto Service Encryption User'
    roleDefinitionId: roleDefinitions('Key Vault Crypto Service Encryption User').id
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource onSignKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault::signKey
  name: guid(vault::signKey.id, principalId, 'Key Vault Crypto User')
  properties: {
    description: 'Key Vault Crypto User'
    roleDefinitionId: roleDefinitions('Key Vault Crypto User').id
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource onVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, principalId, 'Key Vault Secrets User')
  properties: {
    description: 'Key Vault Secrets User'
    roleDefinitionId: roleDefinitions('Key Vault Secrets User').id
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource onInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, principalId, 'Monitoring Metrics Publisher')
  properties: {
    description: 'Monitoring Metrics Publisher'
    roleDefinitionId: roleDefinitions('Monitoring Metrics Publisher').id
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource onWorkspace 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: workspace
  name: guid(workspace.id, principalId, 'Log Analytics Reader')
  properties: {
    description: 'Log Analytics Reader'
    roleDefinitionId: roleDefinitions('Log Analytics Reader').id
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource onMessages 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: communicationService
  name: guid(communicationService.id, principalId, 'Communication and Email Service Owner')
  properties: {
    description: 'Communication and Email Service Owner'
    roleDefinitionId: roleDefinitions('Communication and Email Service Owner').id
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
