#!/bin/bash
# A client with mappers, roles and a service account, which then works on its own.
set -eu
kcadm.sh config credentials --server $SERVER --realm master --user admin --password admin 2>&1
kcadm.sh create realms -s realm=$REALM -s enabled=true 2>&1

CLIENT=$(kcadm.sh create clients -r $REALM -s clientId=robot -s serviceAccountsEnabled=true -s secret=s3cr3t -s 'redirectUris=["/*"]' -i)
kcadm.sh create clients/$CLIENT/protocol-mappers/models -r $REALM -s name=groups -s protocol=openid-connect \
  -s protocolMapper=oidc-group-membership-mapper -s 'config."claim.name"=groups' -s 'config."full.path"=true' 2>&1 | sed 's/id .*/id …/'
kcadm.sh get clients/$CLIENT/protocol-mappers/models -r $REALM --fields 'name,config(claim.name)'
kcadm.sh create clients/$CLIENT/roles -r $REALM -s name=operator
kcadm.sh get-roles -r $REALM --cclientid robot --fields name,clientRole
kcadm.sh get clients/$CLIENT/client-secret -r $REALM --fields type,value

kcadm.sh add-roles -r $REALM --uusername service-account-robot --cclientid realm-management --rolename view-users --rolename view-clients
kcadm.sh get-roles -r $REALM --uusername service-account-robot --cclientid realm-management --fields name --format csv --noquotes | sort

kcadm.sh config credentials --server $SERVER --realm $REALM --client robot --secret s3cr3t
kcadm.sh get clients -q clientId=robot --fields clientId,serviceAccountsEnabled
kcadm.sh create roles -s name=x || echo "refused: $?"
kcadm.sh get clients --no-config --server $SERVER --realm $REALM --client robot --secret s3cr3t -q clientId=robot --fields clientId --format csv
TOKEN=$(grep '"token"' ~/.keycloak/kcadm.config | tail -1 | cut -d'"' -f4)
kcadm.sh get realms/$REALM --no-config --server $SERVER --realm $REALM --token $TOKEN --fields realm
