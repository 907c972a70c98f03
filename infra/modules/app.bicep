metadata description = 'The function app on Flex Consumption, with its settings.'

@description('Name of the app.')
param name string
@description('Azure region.')
param location string
@description('Tags of every resource.')
param tags object
@description('Resource id of the identity that the app has.')
param identityId string
@description('Client id of the same identity.')
param identityClientId string
@description('Endpoints of the account of the task hub.')
param hubEndpoints { blob: string, queue: string, table: string }
@description('Container that the app is deployed from.')
param deploymentContainerUrl string
@description('Where telemetry goes.')
param applicationInsightsConnectionString string
@description('Address of the vault.')
param vaultUrl string
@description('Name of the vault.')
param vaultName string
@description('Settings that are references to secrets of the vault.')
param secretSettings array
@description('Settings of the app, by name.')
param settings object
@description('Instances that are always ready for calls by HTTP.')
param alwaysReady int
@description('Instances that are always ready for orchestrations and activities.')
param alwaysReadyDurable int
@description('Whether instances stand in several zones.')
param zoneRedundant bool
@description('Most instances at once.')
param maximumInstances int
@description('Memory of an instance in MB.')
param instanceMemory int
@description('Subnet that the app sends from; empty without private networking.')
param subnetId string
@description('Host name of the portal; empty for the one that Azure gives.')
param customDomain string

var secretNames = [for setting in secretSettings: toLower(replace(setting, '_', '-'))]
var secretReferences = toObject(
  secretSettings,
  setting => setting,
  setting => '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=${toLower(replace(setting, '_', '-'))})'
)

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: '${name}-plan'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // The plan binds only certificates that belong to the site, which has to be said when it is made; the
    // types of Bicep do not know it.
    ...any({ siteScopedCertificatesEnabled: true })
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maximumInstances
        alwaysReady: concat(
          alwaysReady == 0 ? [] : [{ name: 'http', instanceCount: alwaysReady }],
          alwaysReadyDurable == 0 ? [] : [{ name: 'durable', instanceCount: alwaysReadyDurable }]
        )
      }
      runtime: { name: 'node', version: '22' }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(settings, secretReferences, {
      // By endpoint and not by name: the host takes a name for one of the public cloud.
      AzureWebJobsStorage__blobServiceUri: hubEndpoints.blob
      AzureWebJobsStorage__queueServiceUri: hubEndpoints.queue
      AzureWebJobsStorage__tableServiceUri: hubEndpoints.table
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identityClientId
      AzureWebJobsDisableHomepage: 'true'
      // Bytes that the host takes in before the app sees a request; the app's own limits are lower.
      FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '1048576'
      AZURE_CLIENT_ID: identityClientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
      KEY_VAULT_URL: vaultUrl
    })
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  // A certificate asks for the host name to be bound. Only the first deployment binds it without one; on
  // every later one the binding stands, and keeps its certificate.
  @onlyIfNotExists()
  resource domain 'hostNameBindings' = if (!empty(customDomain)) {
    name: empty(customDomain) ? 'unused.invalid' : customDomain
    properties: {
      siteName: name
      hostNameType: 'Verified'
      sslState: 'Disabled'
    }
  }

  resource certificate 'certificates' = if (!empty(customDomain)) {
    name: 'portal'
    location: location
    tags: tags
    properties: { canonicalName: customDomain }
    dependsOn: [domain]
  }
}

module domainTls 'domain-tls.bicep' = if (!empty(customDomain)) {
  name: 'domain-tls'
  params: {
    appName: app.name
    customDomain: customDomain
    certificateName: app::certificate.?name ?? ''
  }
}

output name string = app.name
output secretNames array = secretNames
output domainVerificationId string = app.properties.customDomainVerificationId
