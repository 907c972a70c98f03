#!/usr/bin/env bash
# scripts/deploy-resources.sh GROUP PARAMETERS: creates or changes the resources that a .bicepparam file describes.
# Prints `app=NAME`, `origin=ADDRESS` and `scope=SCOPE` (of tokens for the app), in the form of a pipeline's outputs.
set -euo pipefail
group=$1
parameters=$2

az deployment group create --name data-portability --resource-group "$group" \
  --parameters "$parameters" --output none
for pair in app=functionAppName origin=portalOrigin scope=officerScope; do
  value=$(az deployment group show --name data-portability --resource-group "$group" \
    --query "properties.outputs.${pair#*=}.value" --output tsv)
  echo "${pair%%=*}=$value"
done
