#!/usr/bin/env bash
# scripts/smoke-token.sh SCOPE: prints an access token for the app, of whoever `az` is signed in as. The pipelines give it
# to the smoke test, which asks /health/ready with it: it needs the app role Readiness.Read and opens nothing else.
set -euo pipefail
scope=$1

if ! az account get-access-token --scope "$scope" --query accessToken --output tsv; then
  echo "The directory gives this identity no token for the app. Assign it the app role Readiness.Read, as" >&2
  echo "docs/deployment.md (\"Pipelines\") says, or set READINESS to off to learn only whether the app is up." >&2
  exit 1
fi
