#!/bin/bash
# Roles of users, groups and composites, listed and changed.
kcadm.sh config credentials --server $SERVER --realm master --user admin --password admin
kcadm.sh create realms -s realm=$REALM -s enabled=true
for r in reader writer chief; do kcadm.sh create roles -r $REALM -s name=$r; done
kcadm.sh create groups -r $REALM -s name=Writers
kcadm.sh create users -r $REALM -s username=eve -s enabled=true

kcadm.sh add-roles -r $REALM --rname chief --rolename reader --rolename writer
kcadm.sh get-roles -r $REALM --rname chief --fields name --format csv --noquotes | sort
kcadm.sh add-roles -r $REALM --gname Writers --rolename writer
kcadm.sh add-roles -r $REALM --gpath /Writers --cclientid account --rolename view-groups
kcadm.sh get-roles -r $REALM --gname Writers --fields name
kcadm.sh get-roles -r $REALM --gpath /Writers --cclientid account --fields name --format csv
kcadm.sh add-roles -r $REALM --uusername eve --rolename chief
kcadm.sh get-roles -r $REALM --uusername eve --effective --fields name --format csv --noquotes | sort
kcadm.sh get-roles -r $REALM --uusername eve --available --fields name --format csv --noquotes | sort
kcadm.sh get-roles -r $REALM --gname Writers --all --fields 'realmMappings(name),clientMappings(account(client))'
kcadm.sh get-roles -r $REALM --rolename chief --fields name,composite
kcadm.sh remove-roles -r $REALM --rname chief --rolename reader
kcadm.sh get-roles -r $REALM --rname chief --fields name --format csv
kcadm.sh remove-roles -r $REALM --uusername eve --rolename chief --rolename default-roles-$REALM
kcadm.sh get-roles -r $REALM --uusername eve -c
