// The Durable Task Scheduler instead of a task hub in storage, one instance always ready for it. Not tried
// yet: docs/upgrades.md.
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
param alwaysReadyDurable = 1
param durableBackend = 'scheduler'
param schedulerAllowedAddresses = ['203.0.113.0/24']
param recoverVault = true
param availabilityTest = false
// Read from where it is deployed when it is left out; named here so that the snapshot can name hosts.
param cloud = 'AzureCloud'
