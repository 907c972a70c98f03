metadata description = 'Binds the certificate of the portal\'s own host name, once there is one.'

@description('Name of the app.')
param appName string
@description('Host name of the portal.')
param customDomain string
@description('Thumbprint of the certificate.')
param thumbprint string

resource app 'Microsoft.Web/sites@2024-11-01' existing = {
  name: appName

  resource domain 'hostNameBindings' = {
    name: customDomain
    properties: {
      siteName: appName
      hostNameType: 'Verified'
      sslState: 'SniEnabled'
      thumbprint: thumbprint
    }
  }
}
