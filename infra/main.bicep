metadata description = 'Everything that the app needs on Azure: the function app, storage, keys, messages, monitoring. Secrets do not pass through here: docs/deployment.md says which are set in the vault, and how.'

targetScope = 'resourceGroup'

@description('Short name of this installation. Names of resources follow from it.')
@minLength(3)
@maxLength(11)
param name string

@description('Azure region.')
param location string = resourceGroup().location

@description('Tags of every resource.')
param tags object = {}

@description('Region of Genesys Cloud, such as mypurecloud.de.')
param genesysRegion string

@description('Id of the client-credentials OAuth client in Genesys Cloud.')
param genesysClientId string

@description('Name of the company, as people know it.')
param controllerName string

@description('Mailbox of the privacy officer: people are told to write there, and alerts go there.')
param controllerContact string

@description('Time zone (IANA) by which the days of the law are counted.')
param controllerTimeZone string

@description('File of the deployed app that says what the company does with the data (Art. 15(1) and (2) GDPR), see docs/processing.md.')
param processingFile string = 'controller/processing.json'

@description('Participant attributes that are exported: names separated by commas, * for all, none for none.')
param participantAttributes string

@description('The ground on which participant attributes that are not exported are left out, see docs/redaction.md.')
param participantAttributesGround string

@description('The ground on which secure attributes are left out, see docs/redaction.md.')
param secureAttributesGround string

@description('The ground on which evaluations of agents are left out, see docs/redaction.md.')
param evaluationsGround string

@description('Sender of mails. The domain is verified in the Communication Services, or it is of the company\'s SMTP server.')
param mailFrom string

@description('Sender of text messages: a number of the Communication Services. Empty where a gateway is used.')
param smsFrom string = ''

@description('Where the Communication Services keep their data.')
param messageDataLocation string = 'Europe'

@description('Ids of the verified mail domains (Microsoft.Communication/emailServices/domains) that mails are sent from. A deployment unlinks every domain that is not named here.')
param mailDomainIds string[] = []

@description('Tenant of the officers\' directory.')
param officerTenant string = tenant().tenantId

@description('The app\'s registration in the officers\' directory.')
param officerClientId string

@description('Authentication context of Conditional Access, such as c1, that sign-ins of officers must meet (OFFICER_AUTHENTICATION_CONTEXT). Empty where settings says how strong they must be otherwise.')
param officerAuthenticationContext string

@description('Host name of the portal, such as privacy.shop.example, with a CNAME and TXT record that point here. Empty for the name that Azure gives.')
param customDomain string = ''

@description('Further settings of the app by name, as docs/settings.md lists them. No secrets.')
param settings object = {}

@description('Names of settings that are secrets and optional: each becomes a reference to the vault\'s secret of the same name in lower case with hyphens.')
param secretSettings array = []

@description('Instances that are always ready for calls by HTTP. 0 costs nothing while idle; a first call then waits for a cold start.')
@minValue(0)
@maxValue(20)
param alwaysReady int = 0

@description('Instances that are always ready for orchestrations and activities.')
@minValue(0)
@maxValue(20)
param alwaysReadyDurable int = alwaysReady

@description('Most instances at once, of each scale group: calls by HTTP, orchestrations with activities, the timer.')
@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

@description('Whether instances stand in several zones of the region. At least two instances of each scale group that is always ready are then kept.')
param zoneRedundant bool = false

@description('Memory of an instance in MB.')
@allowed([2048, 4096])
param instanceMemory int = 2048

@description('Whether the app reaches storage and vault by private endpoints. Task hub and vault are then closed to everybody else; packages stay reachable, by links of minutes, for people\'s browsers.')
param privateNetworking bool = false

@description('Copies of packages, ledger and custody records. GZRS keeps an asynchronous copy in the paired region, for the time when the region is lost. LRS and GRS are for regions without zones.')
@allowed(['Standard_ZRS', 'Standard_GZRS', 'Standard_LRS', 'Standard_GRS'])
param packageRedundancy string = 'Standard_ZRS'

@description('Copies of the task hub, which is rebuilt from the ledger. LRS is for regions without zones.')
@allowed(['Standard_ZRS', 'Standard_LRS'])
param hubRedundancy string = 'Standard_ZRS'

@description('Whether vault and packages account carry a lock against deletion. It has to be removed before the resource group can be deleted.')
param deletionLocks bool = false

@description('Changes the name of the vault. The name of a deleted vault stays taken for 90 days: deploy with another salt, or with recoverVault.')
@maxLength(20)
param vaultSalt string = ''

@description('Whether a deleted vault of the same name is brought back with its keys and secrets. For one deployment only.')
param recoverVault bool = false

@description('Where the task hub is. The Durable Task Scheduler (scheduler) asks for another host.json: docs/upgrades.md.')
@allowed(['storage', 'scheduler'])
param durableBackend string = 'storage'

@description('Addresses that the Durable Task Scheduler answers, in CIDR form. The app sends from many, unless it has a network of its own with one exit.')
param schedulerAllowedAddresses string[] = ['0.0.0.0/0']

@description('Days for which logs are kept. Lines hold ids, codes and counts.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Days for which reads and deletions of packages are logged, without address and browser. The app looks back for 30 days.')
@minValue(30)
@maxValue(730)
param downloadLogRetentionDays int = 45

@description('Whether three places outside ask the app every 15 minutes whether it answers.')
param availabilityTest bool = true

@description('What a month may cost.')
type budgetOfMonth = {
  @description('In the currency of the subscription.')
  @minValue(1)
  amount: int
  @description('First day of the month in which it begins, such as 2026-12-01. The month of the first deployment; do not change it later.')
  @minLength(10)
  @maxLength(10)
  start: string
}
@description('Budget of the resource group: a mail at 80 % of the amount, and when the forecast exceeds it.')
param budget budgetOfMonth?

@description('Object id of who uploads the app: the deployment pipeline\'s identity. Empty when nobody new is to be let in.')
param deployerPrincipalId string = ''

@description('The cloud: AzureCloud, AzureUSGovernment or AzureChinaCloud. Host names follow from it.')
param cloud string = environment().name

@description('Hours for which a package can be downloaded, as the setting AVAILABILITY_HOURS.')
@minValue(24)
@maxValue(720)
param availabilityHours int = 168

@description('Days for which heads and checkpoints of custody records cannot be changed or deleted, from their last change on.')
@minValue(1)
@maxValue(146000)
param custodyRetentionDays int = 1095

@description('Years for which the custody record of a request is kept as proof, as the setting PROOF_RETENTION_YEARS. Heads and checkpoints are deleted some weeks later, once custodyRetentionDays allow it.')
@minValue(1)
@maxValue(10)
param proofRetentionYears int = 3

var suffix = uniqueString(resourceGroup().id, name)
var vaultSuffix = empty(vaultSalt) ? suffix : uniqueString(resourceGroup().id, name, vaultSalt)
var appName = '${name}-${suffix}'
// environment() has no names for these two.
var clouds = {
  AzureCloud: { websites: 'azurewebsites.net', logs: {} }
  AzureUSGovernment: { websites: 'azurewebsites.us', logs: { STORAGE_LOG_ENDPOINT: 'https://api.loganalytics.us' } }
  AzureChinaCloud: {
    websites: 'chinacloudsites.cn'
    logs: { STORAGE_LOG_ENDPOINT: 'https://api.loganalytics.azure.cn' }
  }
}
var portalHost = empty(customDomain) ? '${appName}.${clouds[cloud].websites}' : customDomain
var portalOrigin = 'https://${portalHost}'
// With a mail server and a gateway of its own, the app refuses a setting that has no effect.
var hasOwnMessaging = contains(secretSettings, 'SMTP_URL') && contains(settings, 'SMS_GATEWAY_URL')

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-app'
  location: location
  tags: tags
}

module network 'modules/network.bicep' = if (privateNetworking) {
  name: 'network'
  params: {
    name: name
    location: location
    tags: tags
    targets: [
      { name: 'packages-blob', resourceId: packageStorage.outputs.id, group: 'blob' }
      { name: 'packages-table', resourceId: packageStorage.outputs.id, group: 'table' }
      { name: 'hub-blob', resourceId: hubStorage.outputs.id, group: 'blob' }
      { name: 'hub-queue', resourceId: hubStorage.outputs.id, group: 'queue' }
      { name: 'hub-table', resourceId: hubStorage.outputs.id, group: 'table' }
      { name: 'vault', resourceId: vault.outputs.id, group: 'vault' }
    ]
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    name: name
    location: location
    tags: tags
    retentionDays: logRetentionDays
    downloadRetentionDays: downloadLogRetentionDays
  }
}

module packageStorage 'modules/package-storage.bicep' = {
  name: 'package-storage'
  params: {
    name: take('pkg${replace(name, '-', '')}${suffix}', 24)
    location: location
    tags: tags
    redundancy: packageRedundancy
    hasLock: deletionLocks
    portalOrigin: portalOrigin
    workspaceId: monitoring.outputs.workspaceId
    custodyRetentionDays: custodyRetentionDays
    proofRetentionYears: proofRetentionYears
  }
}

module hubStorage 'modules/hub-storage.bicep' = {
  name: 'hub-storage'
  params: {
    name: take('hub${replace(name, '-', '')}${suffix}', 24)
    location: location
    tags: tags
    redundancy: hubRedundancy
    isPrivate: privateNetworking
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  params: {
    name: take('${name}-${vaultSuffix}', 24)
    location: location
    tags: tags
    isPrivate: privateNetworking
    isRecovered: recoverVault
    hasLock: deletionLocks
    workspaceId: monitoring.outputs.workspaceId
  }
}

module messages 'modules/messages.bicep' = {
  name: 'messages'
  params: {
    name: '${name}-messages-${suffix}'
    tags: tags
    dataLocation: messageDataLocation
    mailDomainIds: mailDomainIds
  }
}

module scheduler 'modules/scheduler.bicep' = if (durableBackend == 'scheduler') {
  name: 'scheduler'
  params: {
    name: '${name}-${suffix}'
    location: location
    tags: tags
    allowedAddresses: schedulerAllowedAddresses
    principalId: identity.properties.principalId
    clientId: identity.properties.clientId
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  params: {
    name: appName
    location: location
    tags: tags
    identityId: identity.id
    identityClientId: identity.properties.clientId
    hubEndpoints: hubStorage.outputs.endpoints
    deploymentContainerUrl: hubStorage.outputs.deploymentContainerUrl
    applicationInsightsConnectionString: monitoring.outputs.connectionString
    vaultUrl: vault.outputs.url
    vaultName: vault.outputs.name
    secretSettings: concat(['GENESYS_CLIENT_SECRET', 'HASH_KEY', 'OFFICER_CLIENT_SECRET'], secretSettings)
    settings: union(
      {
        GENESYS_REGION: genesysRegion
        GENESYS_CLIENT_ID: genesysClientId
        STORAGE_ACCOUNT: packageStorage.outputs.name
        STORAGE_ENDPOINT_SUFFIX: environment().suffixes.storage
        STORAGE_LOG_WORKSPACE_ID: monitoring.outputs.workspaceCustomerId
        PORTAL_ORIGIN: portalOrigin
        CONTROLLER_NAME: controllerName
        CONTROLLER_CONTACT: controllerContact
        CONTROLLER_TIME_ZONE: controllerTimeZone
        PROCESSING_FILE: processingFile
        PARTICIPANT_ATTRIBUTES: participantAttributes
        PARTICIPANT_ATTRIBUTES_GROUND: participantAttributesGround
        SECURE_ATTRIBUTES_GROUND: secureAttributesGround
        EVALUATIONS_GROUND: evaluationsGround
        MAIL_FROM: mailFrom
        OFFICER_ISSUER: '${environment().authentication.loginEndpoint}${officerTenant}/v2.0'
        OFFICER_TENANT: officerTenant
        OFFICER_CLIENT_ID: officerClientId
        AVAILABILITY_HOURS: string(availabilityHours)
        PROOF_RETENTION_YEARS: string(proofRetentionYears)
      },
      clouds[cloud].logs,
      durableBackend == 'scheduler'
        ? {
            DURABLE_TASK_SCHEDULER_CONNECTION_STRING: scheduler.?outputs.connectionString ?? ''
            TASKHUB_NAME: scheduler.?outputs.taskHubName ?? ''
          }
        : {},
      hasOwnMessaging ? {} : { COMMUNICATION_SERVICES: messages.outputs.endpoint },
      empty(smsFrom) ? {} : { SMS_FROM: smsFrom },
      empty(officerAuthenticationContext) ? {} : { OFFICER_AUTHENTICATION_CONTEXT: officerAuthenticationContext },
      settings
    )
    alwaysReady: alwaysReady
    alwaysReadyDurable: alwaysReadyDurable
    zoneRedundant: zoneRedundant
    maximumInstances: maximumInstances
    instanceMemory: instanceMemory
    subnetId: network.?outputs.appSubnetId ?? ''
    customDomain: customDomain
  }
  // References to secrets are read when the app is made, and again only after a day.
  dependsOn: [roles]
}

// The roles of the app come before it, this one after it.
module deployer 'modules/deployer.bicep' = if (!empty(deployerPrincipalId)) {
  name: 'deployer'
  params: {
    appName: app.outputs.name
    principalId: deployerPrincipalId
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  params: {
    principalId: identity.properties.principalId
    packageStorageName: packageStorage.outputs.name
    hubStorageName: hubStorage.outputs.name
    vaultName: vault.outputs.name
    wrapKeyName: vault.outputs.wrapKeyName
    signKeyName: vault.outputs.signKeyName
    communicationServiceName: messages.outputs.name
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    workspaceName: monitoring.outputs.workspaceName
  }
}

module officers 'modules/action-group.bicep' = {
  name: 'officers'
  params: {
    name: name
    tags: tags
    email: controllerContact
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    name: name
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    actionGroupId: officers.outputs.id
  }
}

module health 'modules/health.bicep' = {
  name: 'health'
  params: {
    name: name
    location: location
    tags: tags
    cloud: cloud
    portalOrigin: portalOrigin
    isAsked: availabilityTest
    applicationInsightsId: monitoring.outputs.applicationInsightsId
    workspaceId: monitoring.outputs.workspaceId
    storageAccounts: [
      { name: 'packages', id: packageStorage.outputs.id }
      { name: 'hub', id: hubStorage.outputs.id }
    ]
    actionGroupId: officers.outputs.id
  }
}

module spending 'modules/budget.bicep' = if (budget != null) {
  name: 'spending'
  params: {
    name: '${name}-month'
    amount: budget.?amount ?? 1
    start: budget.?start ?? ''
    email: controllerContact
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  params: {
    name: name
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
  }
}

@description('Name of the function app: what is deployed to.')
output functionAppName string = app.outputs.name

@description('Where people find the portal.')
output portalOrigin string = portalOrigin

@description('Address of the API for the ticketing system.')
output requestsUrl string = '${portalOrigin}/api/requests'

@description('Redirect address of the app\'s registration in the officers\' directory.')
output officerRedirectUri string = '${portalOrigin}/portal/officer/callback'

@description('Scope of access tokens for the app, by which the smoke test of a pipeline asks whether it is ready.')
output officerScope string = 'api://${officerClientId}/.default'

@description('Name of the vault whose secrets are to be set.')
output vaultName string = vault.outputs.name

@description('Secrets that the vault must hold before the app starts.')
output secretNames array = app.outputs.secretNames

@description('Value of the TXT record asuid.<domain> that proves the custom domain.')
output domainVerificationId string = app.outputs.domainVerificationId
