metadata description = 'A network of its own: the app sends from one subnet, private endpoints stand in the other.'

@description('Short name of the installation.')
param name string
@description('Azure region.')
param location string
@description('Tags of every resource.')
param tags object

@description('What is to be reached by a private endpoint.')
type target = {
  @description('Name of the endpoint.')
  name: string
  @description('What it leads to.')
  resourceId: string
  @description('Part of the service.')
  group: 'blob' | 'queue' | 'table' | 'vault'
}
@description('What is to be reached by private endpoints.')
param targets target[]

var zones = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  vault: replace(environment().suffixes.keyvaultDns, '.vault.', 'privatelink.vaultcore.')
}

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: '${name}-network'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/22'] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.0.0.0/24'
          delegations: [
            { name: 'app', properties: { serviceName: 'Microsoft.App/environments' } }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.0.1.0/24'
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }

  resource appSubnet 'subnets' existing = {
    name: 'app'
  }

  resource endpointSubnet 'subnets' existing = {
    name: 'endpoints'
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for item in items(zones): {
    name: item.value
    location: 'global'
    tags: tags
  }
]

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (item, i) in items(zones): {
    parent: zone[i]
    name: '${name}-network'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
]

module endpoint 'private-endpoint.bicep' = [
  for one in targets: {
    name: 'endpoint-${one.name}'
    params: {
      name: '${name}-${one.name}'
      location: location
      tags: tags
      subnetId: network::endpointSubnet.id
      targetId: one.resourceId
      group: one.group
      zoneId: resourceId('Microsoft.Network/privateDnsZones', zones[one.group])
    }
    dependsOn: [zone, link]
  }
]

output appSubnetId string = network::appSubnet.id
