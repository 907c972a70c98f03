// Private networking, a host name of the company's own, one instance always ready, webhooks.
using '../main.bicep'

param name = 'privacy'
param tags = { application: 'data-portability' }
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
param smsFrom = '+15550100'
param officerTenant = '11111111-1111-1111-1111-111111111111'
param officerClientId = '22222222-2222-2222-2222-222222222222'
param officerAuthenticationContext = 'c1'
param customDomain = 'privacy.shop.example'
param privateNetworking = true
param alwaysReady = 1
param maximumInstances = 4
param mailDomainIds = [
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/privacy/providers/Microsoft.Communication/emailServices/privacy-mail/domains/shop.example'
]
param deployerPrincipalId = '33333333-3333-3333-3333-333333333333'
param secretSettings = ['WEBHOOK_SECRET']
param settings = {
  WEBHOOK_HOSTS: 'tickets.shop.example'
  DEFAULT_PHONE_REGION: 'DE'
  GENESYS_CALLS_PER_MINUTE: '300'
}
// Read from where it is deployed when it is left out; named here so that the snapshot can name hosts.
param cloud = 'AzureCloud'
