#!/usr/bin/env bash
# scripts/check-references.sh GROUP APP: lets the app read its references to secrets again, and ends with 1 where one
# cannot be read: without its secrets the app does not start. Names settings, no secrets.
set -euo pipefail
group=$1
app=$2

id=$(az functionapp show --resource-group "$group" --name "$app" --query id --output tsv)
# Without a host, az asks the Azure Resource Manager of the cloud that it is signed in to.
references="$id/config/configreferences/appsettings"

# A role that is new takes some minutes to count.
for _ in $(seq 20); do
  az rest --method post --url "$references/refresh?api-version=2022-03-01" --output none
  unread=$(az rest --method get --url "$references?api-version=2022-03-01" \
    --query "value[?properties.status!='Resolved'].name" --output tsv)
  if [ -z "$unread" ]; then
    echo "The app can read every secret."
    exit 0
  fi
  sleep "${PAUSE:-15}"
done
echo "The app cannot read the secrets of these settings:" >&2
echo "$unread" >&2
echo "Set them on a terminal, then run this job again: npm run secrets -- --group $group --app $app --subscription ID" >&2
exit 1
