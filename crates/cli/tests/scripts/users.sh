#!/bin/bash
# Many users in a loop: made, found, changed, deleted.
kcadm.sh config credentials --server $SERVER --realm master --user admin --password admin 2>/dev/null
kcadm.sh create realms -s realm=$REALM -s enabled=true 2>/dev/null

while IFS=, read -r name mail; do
  id=$(kcadm.sh create users -r $REALM -s username=$name -s email=$mail -s enabled=true -i)
  kcadm.sh update users/$id -r $REALM -s emailVerified=true
done <<EOF
bob,bob@example.com
carl,carl@example.com
dora,dora@example.org
EOF

kcadm.sh get users -r $REALM --fields username,email,emailVerified --format csv
kcadm.sh get users -r $REALM -q email=example.org --fields username
kcadm.sh get users -r $REALM --offset 1 --limit 1 --fields username --format csv --noquotes
kcadm.sh get users/count -r $REALM

for id in $(kcadm.sh get users -r $REALM -q 'search=*example.com*' --fields id --format csv --noquotes); do
  kcadm.sh delete users/$id -r $REALM
done
kcadm.sh get users -r $REALM --fields username --format csv --noquotes
