"""How long a realm takes to make, with few and with many realms there. Used by `cargo xtask bench`.

    realms.py http://localhost:8080 [500]       admin/admin in master; the realms stay
"""
import http.client
import json
import statistics
import sys
import time
import urllib.parse


class Admin:
    def __init__(self, url):
        self.to = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc)
        form = {"grant_type": "password", "client_id": "admin-cli", "username": "admin", "password": "admin"}
        kind = "application/x-www-form-urlencoded"
        self.renew = lambda: json.loads(self.call("POST", "/realms/master/protocol/openid-connect/token", urllib.parse.urlencode(form), kind, None)[1])["access_token"]
        self.token = self.renew()

    def call(self, method, path, body, kind="application/json", token=True):
        headers = {"content-type": kind, **({"authorization": "Bearer " + self.token} if token else {})}
        self.to.request(method, path, body, headers)
        answer = self.to.getresponse()
        return answer.status, answer.read()

    def realm(self, name):
        begun = time.perf_counter()
        status, body = self.call("POST", "/admin/realms", json.dumps({"realm": name, "enabled": True}))
        if status == 401:
            self.token = self.renew()
            return self.realm(name)
        if status != 201:
            sys.exit(f"realm {name}: {status} {body!r}")
        return time.perf_counter() - begun


def main(url, many=500):
    admin, made = Admin(url), 0
    for present in (5, many):
        while made < present:
            admin.realm(f"bench-{made}")
            made += 1
        took = [admin.realm(f"bench-{made + i}") for i in range(20)]
        made += 20
        print(f"a realm, with {present:4} there      {statistics.median(took) * 1000:7.0f} ms (median of 20)")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
