// The least that runs: nothing is kept ready, public endpoints, the host name that Azure gives.
using '../main.bicep'

param name = 'privacy'
param genesysRegion = 'mypurecloud.de'
param genesysClientId = '00000000-0000-0000-0000-000000000000'
param controllerName = 'Example Mail Order'
param controllerContact = 'privacy@shop.example'
param controllerTimeZone = 'Europe/Berlin'
param participantAttributes = 'none'
param participantAttributesGround = 'notPersonal'
param secureAttributesGround = 'secrets'
param evaluationsGround = 'rightsOfOthers'
param mailFrom = 'privacy@shop.example'
// 'pending' until there is a sender; no line with a gateway of your own (docs/deployment.md, step 6).
param smsFrom = '+15550100'
// The tenant of the officers' accounts: OFFICER_TENANT of step 3.
param officerTenant = '11111111-1111-1111-1111-111111111111'
param officerClientId = '22222222-2222-2222-2222-222222222222'
// '' without Conditional Access: then OFFICER_AMR is among the settings.
param officerAuthenticationContext = 'c1'
// What a copy may need as well; docs/deployment.md describes each.
// param settings = { DEFAULT_PHONE_REGION: 'DE' }
// param secretSettings = ['WEBHOOK_SECRET']
// param customDomain = 'privacy.shop.example'
// param mailDomainIds = ['ID OF THE MAIL DOMAIN'] // the id that step 8 keeps as DOMAIN_ID
// Both in a region without zones.
// param packageRedundancy = 'Standard_LRS'
// param hubRedundancy = 'Standard_LRS'
// Read from where it is deployed when it is left out; named here so that the snapshot can name hosts.
param cloud = 'AzureCloud'
