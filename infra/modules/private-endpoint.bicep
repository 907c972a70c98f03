metadata description = 'A private endpoint, and its name in the private zone of its service.'

@description('Name of the endpoint.')
param name string
@description('Azure region.')
param location string
@description('Tags of every resource.')
param tags object
@description('Subnet that it stands in.')
param subnetId string
@description('What it leads to.')
param targetId string
@description('Part of the service.')
param group string
@description('Private zone that its name stands in.')
param zoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      {
        name: name
        properties: { privateLinkServiceId: targetId, groupIds: [group] }
      }
    ]
  }

  resource zone 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: group, properties: { privateDnsZoneId: zoneId } }]
    }
  }
}
