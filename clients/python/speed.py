#!/usr/bin/env python3
"""The calls of `cargo bench -p cloakroom --bench calls` with python-keycloak, sync and async: calls a second, CPU time a call.

    speed.py [URL]      any server with admin/admin; default http://localhost:8080
"""
import asyncio
import sys
import time

from keycloak import KeycloakAdmin

SECONDS = 3


def report(name, calls, wall, cpu):
    print(f"{name:<42}{calls / wall:>10.0f}{cpu * 1e6 / calls:>11.0f} µs")


def measure(name, call):
    call()
    began, cpu, calls = time.monotonic(), time.process_time(), 0
    while time.monotonic() - began < SECONDS:
        call()
        calls += 1
    report(name, calls, time.monotonic() - began, time.process_time() - cpu)


async def measure_async(name, call, at_once):
    await call()
    began, cpu, calls = time.monotonic(), time.process_time(), 0

    async def work():
        nonlocal calls
        while time.monotonic() - began < SECONDS:
            await call()
            calls += 1

    await asyncio.gather(*(work() for _ in range(at_once)))
    report(name, calls, time.monotonic() - began, time.process_time() - cpu)


def main():
    url = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"
    admin = KeycloakAdmin(server_url=url, username="admin", password="admin", realm_name="master")
    user = admin.get_users({"max": 100})[0]["id"]
    print(f"{'':<42}{'calls/s':>10}{'CPU a call':>14}")
    measure("a user, python-keycloak", lambda: admin.get_user(user))
    measure("a realm, python-keycloak", lambda: admin.get_realm("master"))
    measure("100 users, python-keycloak", lambda: admin.get_users({"max": 100}))

    async def run():
        await measure_async("a user, python-keycloak async", lambda: admin.a_get_user(user), 1)
        await measure_async("a user, python-keycloak async, 8 at once", lambda: admin.a_get_user(user), 8)
        await measure_async("a realm, python-keycloak async", lambda: admin.a_get_realm("master"), 1)
        await measure_async("a realm, python-keycloak async, 8 at once", lambda: admin.a_get_realm("master"), 8)
        await measure_async("100 users, python-keycloak async", lambda: admin.a_get_users({"max": 100}), 1)

    asyncio.run(run())


main()
