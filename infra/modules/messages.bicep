metadata description = 'Mail and text messages. The mail domain and the phone number are added by hand, because both need proof or a contract: docs/deployment.md says how. Names are unique in the whole cloud.'

@description('Name of the service.')
param name string
@description('Tags of every resource.')
param tags object
@description('Where the service keeps its data.')
param dataLocation string
@description('Mail domains that stay linked.')
param mailDomainIds string[]

resource email 'Microsoft.Communication/emailServices@2023-04-01' = {
  name: '${name}-email'
  location: 'global'
  tags: tags
  properties: { dataLocation: dataLocation }
}

resource service 'Microsoft.Communication/communicationServices@2023-04-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: { dataLocation: dataLocation, linkedDomains: mailDomainIds }
}

output name string = service.name
output endpoint string = 'https://${service.properties.hostName}'
