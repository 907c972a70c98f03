metadata description = 'Who alerts go to.'

@description('Short name of the installation.')
param name string
@description('Tags of every resource.')
param tags object
@description('Email address that alerts are sent to.')
param email string

resource officers 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${name}-officers'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: take(name, 12)
    enabled: true
    emailReceivers: [{ name: 'privacy', emailAddress: email, useCommonAlertSchema: true }]
  }
}

output id string = officers.id
