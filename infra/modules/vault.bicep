metadata description = 'Keys that wrap the secrets of requests and sign packages; the app\'s own secrets. Deleted keys stay recoverable, so that nobody ends all requests by a mistake; the secret of one request is a wrapped row, and gone when that is deleted.'

@description('Name of the vault.')
@maxLength(24)
param name string
@description('Azure region.')
param location string
@description('Tags of every resource.')
param tags object
@description('Whether the vault is reached by a private endpoint only.')
param isPrivate bool
@description('Whether a deleted vault of this name is brought back.')
param isRecovered bool
@description('Whether the vault carries a lock against deletion.')
param hasLock bool
@description('Where uses of keys and secrets are logged.')
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    createMode: isRecovered ? 'recover' : 'default'
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enablePurgeProtection: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
    }
  }

  // What was wrapped by an earlier version is unwrapped by it: versions are never disabled while a
  // request is open that names them.
  resource wrapKey 'keys' = {
    name: 'wrap'
    properties: {
      kty: 'RSA'
      keySize: 3072
      keyOps: ['wrapKey', 'unwrapKey']
      rotationPolicy: {
        attributes: { expiryTime: 'P2Y' }
        lifetimeActions: [
          { trigger: { timeAfterCreate: 'P1Y' }, action: { type: 'rotate' } }
          { trigger: { timeBeforeExpiry: 'P30D' }, action: { type: 'notify' } }
        ]
      }
    }
  }

  // Its versions do not expire: packages are checked by the public key for as long as people have them.
  resource signKey 'keys' = {
    name: 'sign'
    properties: {
      kty: 'EC'
      curveName: 'P-256'
      keyOps: ['sign', 'verify']
    }
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (hasLock) {
  scope: vault
  name: 'keys'
  properties: { level: 'CanNotDelete', notes: 'Without its keys, no request can go on.' }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AuditEvent', enabled: true }]
  }
}

output id string = vault.id
output name string = vault.name
output url string = vault.properties.vaultUri
output wrapKeyName string = vault::wrapKey.name
output signKeyName string = vault::signKey.name
