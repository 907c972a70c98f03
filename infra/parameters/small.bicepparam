// The least that runs: nothing is kept ready, public endpoints, the host name that Azure gives.
using '../main.bicep'

param name = 'privacy'
param genesysRegion = 'mypurecloud.de'
param genesysClientId = '00000000-0000-0000-0000-000000000000'
param controllerName = 'Example Mail Order'
param controllerContact = 'privacy@shop.example'
param controllerTimeZone = 'Europe/Berlin'
param mailFrom = 'privacy@shop.example'
param smsFrom = '+15550100'
param officerTenant = '11111111-1111-1111-1111-111111111111'
param officerClientId = '22222222-2222-2222-2222-222222222222'
param officerAuthenticationContext = 'c1'
