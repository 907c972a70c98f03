metadata description = 'The Durable Task Scheduler as the backend of orchestrations, instead of a task hub in storage. Not tried yet: docs/upgrades.md says what else it asks for.'

@description('Name of the scheduler.')
param name string
@description('Azure region.')
param location string
@description('Tags of every resource.')
param tags object
@description('Addresses that are answered, in CIDR form. An empty list answers nobody.')
@minLength(1)
param allowedAddresses string[]
@description('Principal of the app\'s identity.')
param principalId string
@description('Client id of the same identity.')
param clientId string

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { name: 'Consumption' }
    ipAllowlist: allowedAddresses
  }

  resource hub 'taskHubs' = {
    name: 'DataPortabilityHub'
  }
}

resource onScheduler 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: scheduler
  name: guid(scheduler.id, principalId, 'Durable Task Data Contributor')
  properties: {
    description: 'Durable Task Data Contributor'
    roleDefinitionId: roleDefinitions('Durable Task Data Contributor').id
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

output taskHubName string = scheduler::hub.name
output connectionString string = 'Endpoint=${scheduler.properties.endpoint};Authentication=ManagedIdentity;ClientID=${clientId}'
