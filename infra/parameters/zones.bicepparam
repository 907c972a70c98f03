// For an installation whose loss would hurt: several zones, a copy in another region, locks, a budget. Its
// vault was deleted once, so its name has a salt.
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
param smsFrom = '+15550100'
param officerTenant = '11111111-1111-1111-1111-111111111111'
param officerClientId = '22222222-2222-2222-2222-222222222222'
param officerAuthenticationContext = 'c1'
param alwaysReady = 2
param alwaysReadyDurable = 2
param zoneRedundant = true
param packageRedundancy = 'Standard_GZRS'
param deletionLocks = true
param vaultSalt = 'second'
param budget = { amount: 250, start: '2026-12-01' }
// Read from where it is deployed when it is left out; named here so that the snapshot can name hosts.
param cloud = 'AzureCloud'
