metadata description = 'Packages, what is collected for them (sealed), the ledger, and the heads of custody records, which nobody can change or delete. No shared keys. Soft delete and versions are off: what is deleted is gone at once, as people are promised.'

@description('Name of the account.')
param name string
@description('Azure region.')
param location string
@description('Tags of every resource.')
param tags object
@description('How many copies there are, and where.')
param redundancy string
@description('Whether the account carries a lock against deletion.')
param hasLock bool
@description('The one origin whose pages may read packages.')
param portalOrigin string
@description('Where reads of packages are logged.')
param workspaceId string
@description('Days for which heads and checkpoints of custody records cannot be changed or deleted.')
param custodyRetentionDays int
@description('Years for which custody records are kept as proof.')
param proofRetentionYears int

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: 'Enabled'
    encryption: {
      keySource: 'Microsoft.Storage'
      requireInfrastructureEncryption: true
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: false
    changeFeed: { enabled: false }
    deleteRetentionPolicy: { enabled: false }
    containerDeleteRetentionPolicy: { enabled: false }
    cors: {
      corsRules: [
        {
          allowedOrigins: [portalOrigin]
          allowedMethods: ['GET', 'HEAD']
          allowedHeaders: ['range', 'if-match', 'x-ms-*']
          exposedHeaders: ['content-range', 'content-length', 'accept-ranges', 'etag']
          maxAgeInSeconds: 3600
        }
      ]
    }
  }

  resource packages 'containers' = {
    name: 'packages'
    properties: { publicAccess: 'None' }
  }

  resource scratch 'containers' = {
    name: 'scratch'
    properties: { publicAccess: 'None' }
  }

  resource custody 'containers' = {
    name: 'custody'
    properties: { publicAccess: 'None' }

    // Lines can be appended, blobs can be added; nothing can be changed or deleted. A policy that is not
    // locked can be removed by whoever may change the account: docs/deployment.md locks it.
    resource retention 'immutabilityPolicies' = {
      name: 'default'
      properties: {
        immutabilityPeriodSinceCreationInDays: custodyRetentionDays
        allowProtectedAppendWrites: true
      }
    }
  }
}

// A second line behind the app's own clean-up: no request takes longer than the law's three months and the
// month that a person has to verify their identity; a package is released again within them, for 30 days at
// most, plus a day for a download that runs at its end. Heads of custody records outlast the records, which
// are found without them otherwise, and end when neither they nor the retention policy are needed.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'packages'
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['packages/'] }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 160 } } }
          }
        }
        {
          name: 'scratch'
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['scratch/'] }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 120 } } }
          }
        }
        {
          name: 'custody'
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['appendBlob', 'blockBlob'], prefixMatch: ['custody/'] }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: max(custodyRetentionDays, proofRetentionYears * 366) + 60
                }
              }
            }
          }
        }
      ]
    }
  }
}

// Data can still be deleted: the lock is on the account, not on what it holds.
resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (hasLock) {
  scope: account
  name: 'custody'
  properties: { level: 'CanNotDelete', notes: 'Holds the custody records of requests.' }
}

// A deletion says how far the log has come: recalling a package deletes it (modules/monitoring.bicep keeps
// only lines of packages).
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobs
  name: 'reads-and-deletions'
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'StorageRead', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
  }
}

output id string = account.id
output name string = account.name
