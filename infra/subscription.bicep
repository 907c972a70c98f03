metadata description = 'Makes the resource group as well: for whoever deploys to a subscription. What is deployed is main.bicep, and its parameters are explained there.'

targetScope = 'subscription'

@description('Name of the resource group.')
param groupName string

@description('Azure region of the resource group and of everything in it.')
param location string

@description('Parameters of main.bicep by name. What is left out has the default that it has there.')
param installation object

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: groupName
  location: location
  tags: installation.?tags ?? {}
}

module everything 'main.bicep' = {
  scope: group
  name: 'data-portability'
  params: {
    name: installation.name
    location: location
    tags: installation.?tags
    genesysRegion: installation.genesysRegion
    genesysClientId: installation.genesysClientId
    controllerName: installation.controllerName
    controllerContact: installation.controllerContact
    controllerTimeZone: installation.controllerTimeZone
    processingFile: installation.?processingFile
    participantAttributes: installation.participantAttributes
    participantAttributesGround: installation.participantAttributesGround
    secureAttributesGround: installation.secureAttributesGround
    evaluationsGround: installation.evaluationsGround
    mailFrom: installation.mailFrom
    smsFrom: installation.?smsFrom
    messageDataLocation: installation.?messageDataLocation
    mailDomainIds: installation.?mailDomainIds
    officerTenant: installation.?officerTenant
    officerClientId: installation.officerClientId
    officerAuthenticationContext: installation.officerAuthenticationContext
    customDomain: installation.?customDomain
    settings: installation.?settings
    secretSettings: installation.?secretSettings
    alwaysReady: installation.?alwaysReady
    alwaysReadyDurable: installation.?alwaysReadyDurable
    maximumInstances: installation.?maximumInstances
    zoneRedundant: installation.?zoneRedundant
    instanceMemory: installation.?instanceMemory
    privateNetworking: installation.?privateNetworking
    packageRedundancy: installation.?packageRedundancy
    hubRedundancy: installation.?hubRedundancy
    deletionLocks: installation.?deletionLocks
    vaultSalt: installation.?vaultSalt
    recoverVault: installation.?recoverVault
    durableBackend: installation.?durableBackend
    schedulerAllowedAddresses: installation.?schedulerAllowedAddresses
    logRetentionDays: installation.?logRetentionDays
    downloadLogRetentionDays: installation.?downloadLogRetentionDays
    availabilityTest: installation.?availabilityTest
    budget: installation.?budget
    deployerPrincipalId: installation.?deployerPrincipalId
    cloud: installation.?cloud
    availabilityHours: installation.?availabilityHours
    custodyRetentionDays: installation.?custodyRetentionDays
    proofRetentionYears: installation.?proofRetentionYears
  }
}

@description('Name of the function app: what is deployed to.')
output functionAppName string = everything.outputs.functionAppName

@description('Where people find the portal.')
output portalOrigin string = everything.outputs.portalOrigin

@description('Address of the API for the ticketing system.')
output requestsUrl string = everything.outputs.requestsUrl

@description('Redirect address of the app\'s registration in the officers\' directory.')
output officerRedirectUri string = everything.outputs.officerRedirectUri

@description('Scope of access tokens for the app, by which the smoke test of a pipeline asks whether it is ready.')
output officerScope string = everything.outputs.officerScope

@description('Name of the vault whose secrets are to be set.')
output vaultName string = everything.outputs.vaultName

@description('Secrets that the vault must hold before the app starts.')
output secretNames array = everything.outputs.secretNames

@description('Value of the TXT record asuid.<domain> that proves the custom domain.')
output domainVerificationId string = everything.outputs.domainVerificationId
