"""python-keycloak, unmodified, against our server: what a first script usually does, checked step by step.

    walkthrough.py http://localhost:8080        admin/admin in master

Exits 1 at the first answer that is not as expected.
"""
import asyncio
import sys
import uuid

from keycloak import KeycloakAdmin, KeycloakOpenID, KeycloakOpenIDConnection
from keycloak.exceptions import KeycloakError, KeycloakGetError, KeycloakPostError

# a client may introspect only tokens that are meant for it
AUDIENCE = {"name": "audience", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
            "config": {"included.client.audience": "shop", "access.token.claim": "true", "introspection.token.claim": "true"}}


def expect(what, got, wanted):
    if got != wanted:
        sys.exit(f"{what}: expected {wanted!r}, got {got!r}")
    print(f"ok  {what}")


def refused(what, error, status, call, *args, **kw):
    try:
        call(*args, **kw)
    except error as e:
        return expect(what, e.response_code, status)
    sys.exit(f"{what}: was not refused")


def main(url):
    realm = f"walk-{uuid.uuid4().hex[:8]}"
    master = KeycloakAdmin(server_url=url, username="admin", password="admin", realm_name="master")
    master.create_realm({"realm": realm, "enabled": True})
    refused("a realm is made once", KeycloakPostError, 409, master.create_realm, {"realm": realm, "enabled": True})
    try:
        walk(url, realm)
    finally:
        master.delete_realm(realm)
    expect("the realm is gone", realm in [r["realm"] for r in master.get_realms()], False)


def walk(url, realm):
    connection = KeycloakOpenIDConnection(server_url=url, username="admin", password="admin", realm_name=realm, user_realm_name="master")
    admin = KeycloakAdmin(connection=connection)

    uuid_of_client = admin.create_client({"clientId": "shop", "secret": "s3cret", "directAccessGrantsEnabled": True, "serviceAccountsEnabled": True,
                                          "redirectUris": ["http://localhost/*"], "protocolMappers": [AUDIENCE]})
    expect("the client is found by its clientId", admin.get_client_id("shop"), uuid_of_client)
    expect("the client keeps its secret", admin.get_client_secrets(uuid_of_client)["value"], "s3cret")

    alice = admin.create_user({"username": "Alice", "email": "alice@example.org", "enabled": True, "emailVerified": True, "firstName": "Alice", "lastName": "L",
                               "credentials": [{"type": "password", "value": "first", "temporary": False}]})
    expect("names are lower case", admin.get_user(alice)["username"], "alice")
    expect("a user is found by name", admin.get_user_id("alice"), alice)
    admin.set_user_password(alice, "second", temporary=False)
    admin.update_user(alice, {"attributes": {"colour": ["blue"]}, "email": "alice@example.org", "firstName": "Alice", "lastName": "Liddell"})
    expect("users are counted", admin.users_count(), 1)

    admin.create_realm_role({"name": "buyer & reader"})
    admin.assign_realm_roles(alice, [admin.get_realm_role("buyer & reader")])
    admin.create_client_role(uuid_of_client, {"name": "clerk"})
    admin.assign_client_role(alice, uuid_of_client, [admin.get_client_role(uuid_of_client, "clerk")])
    expect("the user has the client role", [r["name"] for r in admin.get_client_roles_of_user(alice, uuid_of_client)], ["clerk"])

    staff = admin.create_group({"name": "staff"})
    night = admin.create_group({"name": "night shift"}, parent=staff)
    admin.group_user_add(alice, night)
    expect("the group is found by path", admin.get_group_by_path("/staff/night shift")["id"], night)
    expect("the group has its member", [u["username"] for u in admin.get_group_members(night)], ["alice"])

    openid = KeycloakOpenID(server_url=url, realm_name=realm, client_id="shop", client_secret_key="s3cret")
    expect("discovery names the issuer", openid.well_known()["issuer"], f"{url}/realms/{realm}")
    refused("the old password", KeycloakPostError, 400, openid.token, "alice", "first")
    token = openid.token("alice", "second", scope="openid")
    claims = openid.decode_token(token["access_token"])
    expect("the token names the user", (claims["preferred_username"], claims["azp"], claims["sub"]), ("alice", "shop", alice))
    expect("the token has the realm role", "buyer & reader" in claims["realm_access"]["roles"], True)
    expect("the token has the client role", claims["resource_access"]["shop"]["roles"], ["clerk"])
    expect("userinfo names the user", openid.userinfo(token["access_token"])["email"], "alice@example.org")
    expect("the token is active", openid.introspect(token["access_token"])["active"], True)

    fresh = openid.refresh_token(token["refresh_token"])
    expect("a refresh keeps the session", openid.decode_token(fresh["access_token"])["sid"], claims["sid"])
    expect("the service account gets a token", "access_token" in openid.token(grant_type="client_credentials"), True)

    openid.logout(fresh["refresh_token"])
    refused("the session is over", (KeycloakPostError, KeycloakError), 400, openid.refresh_token, fresh["refresh_token"])
    expect("the token is no longer active", openid.introspect(fresh["access_token"])["active"], False)

    asyncio.run(walk_async(admin, openid, staff))

    admin.delete_user(alice)
    refused("the user is gone", KeycloakGetError, 404, admin.get_user, alice)


async def walk_async(admin, openid, staff):
    """The same client's coroutines, which send with another HTTP library."""
    made = [await admin.a_create_user({"username": f"clerk-{i}", "enabled": True, "email": f"clerk-{i}@example.org", "firstName": "C", "lastName": "K",
                                       "credentials": [{"type": "password", "value": "pw"}]}) for i in range(3)]
    await asyncio.gather(*(admin.a_group_user_add(user, staff) for user in made))
    expect("the group has them all", sorted(u["id"] for u in await admin.a_get_group_members(staff)), sorted(made))
    tokens = await asyncio.gather(*(openid.a_token(f"clerk-{i}", "pw") for i in range(3)))
    claims = [await openid.a_decode_token(t["access_token"]) for t in tokens]
    expect("each has a token of their own", [c["sub"] for c in claims], made)
    fresh = await openid.a_refresh_token(tokens[0]["refresh_token"])
    expect("the fresh token is active", (await openid.a_introspect(fresh["access_token"]))["active"], True)
    await openid.a_logout(fresh["refresh_token"])
    expect("the token is no longer active", (await openid.a_introspect(fresh["access_token"]))["active"], False)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
