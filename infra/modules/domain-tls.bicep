metadata description = 'Binds the certificate of the portal\'s own host name, once there is one.'

@description('Name of the app.')
param appName string
@description('Host name of the portal.')
param customDomain string
@description('Name of the certificate, which belongs to the app.')
param certificateName string

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName

  resource certificate 'certificates' existing = {
    name: certificateName
  }

  resource domain 'hostNameBindings' = {
    name: customDomain
    properties: {
      siteName: appName
      hostNameType: 'Verified'
      sslState: 'SniEnabled'
      thumbprint: certificate.properties.thumbprint
    }
  }
}
