"""What two servers give back of the same realm: imported on both, exported from both, compared.

    compare_export.py http://admin:admin@localhost:8080 http://admin:admin@localhost:8180 realm.json

The first is ours, the second the one to compare with; instead of a server, a file with an export that was kept (`--keep`).
Ids that the realm's file does not name, generated keys and the order of lists that have none do not count. Differences
that are meant are listed in `compare_export.toml` with their reasons; any other is printed, and the exit code is 1.
"""
import argparse
import fnmatch
import json
import pathlib
import sys
import tomllib
import urllib.error
import urllib.parse
import urllib.request

IDS = ("id", "internalId", "containerId", "parentId")
# what entries of lists are called, the best name first
NAMES = ("clientId", "client", "clientScope", "alias", "name", "username", "authenticator", "flowAlias", "id")
ORDERED = ("authenticationExecutions",)


class Server:
    """An administrator of a server, by password in `master`."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        host = parts.hostname + (f":{parts.port}" if parts.port else "")
        self.base = urllib.parse.urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))
        form = {"grant_type": "password", "client_id": "admin-cli", "username": parts.username or "admin", "password": parts.password or "admin"}
        self.token = None
        answer = self.call("POST", "/realms/master/protocol/openid-connect/token", urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded")
        self.token = answer["access_token"]

    def call(self, method, path, body=None, kind="application/json"):
        request = urllib.request.Request(self.base + path, body, {"Content-Type": kind}, method=method)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            sys.exit(f"{self.base}: {method} {path}: {error.code} {error.read().decode(errors='replace')}")
        return json.loads(text) if text else None

    def round_trip(self, realm):
        """The export of a realm that is imported for it and removed afterwards."""
        path = "/admin/realms/" + urllib.parse.quote(realm["realm"], safe="")
        self.call("POST", "/admin/realms", json.dumps(realm).encode())
        try:
            return Server.call(self, "POST", path + "/partial-export?exportClients=true&exportGroupsAndRoles=true", b"")
        finally:
            self.call("DELETE", path)


def export(place, realm):
    if place.startswith(("http://", "https://")):
        return Server(place).round_trip(realm)
    return json.loads(pathlib.Path(place).read_text())


def strings(value):
    if isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


def normal(value, known, key=""):
    """Without what the server made up, JSON within strings as JSON."""
    if isinstance(value, dict):
        return {k: normal(v, known, k) for k, v in value.items()}
    if isinstance(value, list):
        return [normal(v, known, key) for v in value]
    if isinstance(value, str):
        if key in IDS and value not in known:
            return "(generated)"
        if value[:1] in "{[" and value.strip():
            try:
                return normal(json.loads(value), known, key)
            except ValueError:
                return value
    return value


def name_of(entry):
    """What an entry of a list is told from the others by; None where it is but a value."""
    if isinstance(entry, dict):
        return next((str(entry[n]) for n in NAMES if entry.get(n) not in (None, "(generated)")), None)
    return None


def canonical(value, key=""):
    """A text that is the same for lists in any order."""
    if isinstance(value, dict):
        return json.dumps({k: canonical(v, k) for k, v in value.items()}, sort_keys=True)
    if isinstance(value, list):
        entries = [canonical(v) for v in value]
        return json.dumps(entries if key in ORDERED else sorted(entries))
    return json.dumps(value)


def differences(ours, theirs, path="", key=""):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for k in sorted(ours.keys() | theirs.keys()):
            at = f"{path}.{k}" if path else k
            if k not in ours:
                yield at, "(absent)", theirs[k]
            elif k not in theirs:
                yield at, ours[k], "(absent)"
            else:
                yield from differences(ours[k], theirs[k], at, k)
    elif isinstance(ours, list) and isinstance(theirs, list):
        names = [[name_of(e) for e in side] for side in (ours, theirs)]
        if key in ORDERED:
            if len(ours) != len(theirs):
                yield path, ours, theirs
            for i, (a, b) in enumerate(zip(ours, theirs)):
                yield from differences(a, b, f"{path}[{i}]")
        elif all(None not in side and len(set(side)) == len(side) for side in names):
            yield from differences(*({f"[{n}]": e for n, e in zip(side, entries)} for side, entries in zip(names, (ours, theirs))), path)
        else:
            if canonical(ours) != canonical(theirs):
                yield path, ours, theirs
    elif ours != theirs or type(ours) is not type(theirs):
        yield path, ours, theirs


def short(value):
    text = value if value == "(absent)" else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) < 300 else text[:300] + " …"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("ours", help="base URL with name and password of an administrator, or a kept export")
    options.add_argument("theirs", help="the same of the server to compare with")
    options.add_argument("realm", type=pathlib.Path, help="the realm's file")
    options.add_argument("--keep", type=pathlib.Path, help="a folder for both exports as they came: ours.json, theirs.json")
    options.add_argument("--accepted", type=pathlib.Path, default=pathlib.Path(__file__).with_suffix(".toml"), help="differences that are meant")
    given = options.parse_args()
    realm = json.loads(given.realm.read_text())
    exports = {"ours": export(given.ours, realm), "theirs": export(given.theirs, realm)}
    if given.keep:
        for side, value in exports.items():
            (given.keep / f"{side}.json").write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False))
    known = set(strings(realm))
    accepted = tomllib.loads(given.accepted.read_text()).get("difference", []) if given.accepted.exists() else []
    meant, unexpected = 0, 0
    for path, ours, theirs in differences(*(normal(value, known) for value in exports.values())):
        if any(fnmatch.fnmatchcase(path.replace("[", "(").replace("]", ")"), entry["path"].replace("[", "(").replace("]", ")")) for entry in accepted):
            meant += 1
            continue
        unexpected += 1
        print(f"{path}\n    ours    {short(ours)}\n    theirs  {short(theirs)}")
    print(f"{unexpected} unexpected differences, {meant} that are meant")
    sys.exit(1 if unexpected else 0)


if __name__ == "__main__":
    main()
