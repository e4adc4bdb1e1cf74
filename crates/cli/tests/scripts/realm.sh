#!/bin/bash
# A realm with roles, a client and a user, as a start script of a container makes them.
set -e
kcadm.sh config credentials --server "$SERVER" --realm master --user admin --password admin
kcadm.sh create realms -s realm=$REALM -s enabled=true -s displayName="Acme Inc."
kcadm.sh update realms/$REALM -s registrationAllowed=true -s 'eventsListeners=["jboss-logging"]' -s accessTokenLifespan=300
kcadm.sh get realms/$REALM --fields realm,enabled,displayName,registrationAllowed,accessTokenLifespan

for role in viewer editor admin; do
  kcadm.sh create roles -r $REALM -s name=$role -s "description=May be $role"
done
kcadm.sh get roles -r $REALM --fields name,description --format csv | sort
kcadm.sh get roles/editor -r $REALM --fields name,description

CID=$(kcadm.sh create clients -r $REALM -s clientId=shop -s publicClient=true -s 'redirectUris=["https://shop.example.com/*"]' -i)
kcadm.sh get clients/$CID -r $REALM --fields clientId,publicClient,redirectUris,enabled

kcadm.sh create users -r $REALM -s username=ann -s email=ann@example.com -s enabled=true -s firstName=Ann -s lastName=Lee
kcadm.sh set-password -r $REALM --username ann --new-password secret1
kcadm.sh add-roles -r $REALM --uusername ann --rolename viewer --rolename editor
kcadm.sh get-roles -r $REALM --uusername ann --fields name --format csv --noquotes | sort
