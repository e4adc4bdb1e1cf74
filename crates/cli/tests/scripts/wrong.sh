#!/bin/bash
# What goes wrong, as scripts look at it: the words and the exit code.
try() { "$@"; echo "exit $?"; }
try kcadm.sh get realms
try kcadm.sh config credentials --status
try kcadm.sh config credentials --server $SERVER --realm master --user admin --password wrong
try kcadm.sh config credentials --server $SERVER --user admin --password admin
try kcadm.sh config credentials --server localhost --realm master --user admin --password admin
try kcadm.sh config credentials --server $SERVER --realm nowhere-$REALM --user admin --password admin
try kcadm.sh config credentials --server $SERVER --realm master --user admin --password admin
kcadm.sh create realms -s realm=$REALM -s enabled=true
try kcadm.sh create realms -s realm=$REALM
try kcadm.sh create users -r $REALM -s username=bob
try kcadm.sh create users -r $REALM -s username=bob
try kcadm.sh create users -r $REALM -s userName=bob
try kcadm.sh create users -r $REALM -s username
try kcadm.sh create users -r $REALM -s username=x -o -i
try kcadm.sh create clients -r $REALM -f /no/such.json
try kcadm.sh get users -r nowhere-$REALM
try kcadm.sh get users/nobody -r $REALM
try kcadm.sh get users -r $REALM --format xml
try kcadm.sh get users -r $REALM --fields 'id('
try kcadm.sh get users -r $REALM -q bob
try kcadm.sh get users extra
try kcadm.sh update users/nobody -r $REALM -s email=x
try kcadm.sh update realms/$REALM -m -n
try kcadm.sh delete users/nobody -r $REALM
try kcadm.sh set-password -r $REALM --username nobody --new-password x
try kcadm.sh set-password -r $REALM --new-password x
try kcadm.sh add-roles -r $REALM --uusername bob --rolename nope
try kcadm.sh add-roles -r $REALM --uusername bob
try kcadm.sh add-roles -r $REALM --rolename offline_access
try kcadm.sh add-roles -r $REALM --uusername bob --uid 1 --rolename x
try kcadm.sh add-roles -r $REALM --uusername bob --gname x --rolename x
try kcadm.sh get-roles -r $REALM --uusername nobody
try kcadm.sh get-roles -r $REALM --gname nope
try kcadm.sh get-roles -r $REALM --gpath /nope
try kcadm.sh get-roles -r $REALM --cclientid nope
try kcadm.sh get-roles -r $REALM --uusername bob --all --effective
try kcadm.sh config truststore /no/such.jks
try kcadm.sh config nothing
