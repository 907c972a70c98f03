// The same as small.bicepparam, with the resource group.
using '../subscription.bicep'

param groupName = 'privacy'
param location = 'westeurope'
param installation = {
  name: 'privacy'
  genesysRegion: 'mypurecloud.de'
  genesysClientId: '00000000-0000-0000-0000-000000000000'
  controllerName: 'Example Mail Order'
  controllerContact: 'privacy@shop.example'
  controllerTimeZone: 'Europe/Berlin'
  participantAttributes: 'none'
  participantAttributesGround: 'notPersonal'
  secureAttributesGround: 'secrets'
  evaluationsGround: 'rightsOfOthers'
  mailFrom: 'privacy@shop.example'
  smsFrom: '+15550100'
  officerTenant: '11111111-1111-1111-1111-111111111111'
  officerClientId: '22222222-2222-2222-2222-222222222222'
  officerAuthenticationContext: 'c1'
  cloud: 'AzureCloud'
}
