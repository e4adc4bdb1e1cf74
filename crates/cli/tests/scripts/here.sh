#!/bin/bash
# Bodies from here-documents, files and the command line.
kcadm.sh config credentials --server $SERVER --realm master --user admin --password admin
kcadm.sh create realms -f - <<EOF
{ "realm": "$REALM", "enabled": true, "loginTheme": "keycloak" }
EOF

kcadm.sh create clients -r $REALM -f - << EOF
{
  "clientId": "api",
  "bearerOnly": true,
  "attributes": { "owner": "team a" }
}
EOF
CID=$(kcadm.sh get clients -r $REALM -q clientId=api --fields id --format csv --noquotes)
kcadm.sh get clients/$CID -r $REALM --fields 'clientId,bearerOnly,attributes(owner)'

echo '{"clientId":"web","rootUrl":"https://web.example.com"}' > web.json
kcadm.sh create clients -r $REALM -f web.json -s 'webOrigins=["+"]' -s 'attributes."pkce.code.challenge.method"=S256' -o --fields 'clientId,rootUrl,webOrigins,attributes(pkce.code.challenge.method)'

GID=$(kcadm.sh create groups -r $REALM -b '{ "name": "Staff" }' -i)
kcadm.sh create groups/$GID/children -r $REALM -s name=Night
kcadm.sh create groups/$GID/children -r $REALM -s name='Early shift'
kcadm.sh get groups/$GID/children -r $REALM --fields name,path
kcadm.sh update groups/$GID -r $REALM -s 'attributes.floor=["2"]' -s 'attributes.floor+=3'
kcadm.sh get groups/$GID -r $REALM --fields 'name,attributes(*)'

kcadm.sh update clients/$CID -r $REALM -f - --merge <<< '{"description":"The API"}'
kcadm.sh get clients/$CID -r $REALM --fields clientId,description,bearerOnly
kcadm.sh update clients/$CID -r $REALM -d 'attributes.owner' -s name='An API'
kcadm.sh get clients/$CID -r $REALM --fields 'clientId,name,attributes(owner)'
kcadm.sh new-object -s realm=x -s 'list+=1' -s 'list+=b' -s smtp.host=mail -c
