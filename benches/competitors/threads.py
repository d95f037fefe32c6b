"""Threads of Python's standard library, each with connections that are kept alive; level by level."""

import http.client
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import job

HEADERS = {"Authorization": job.authorization(os.environ["SEED_FILE"])}
local = threading.local()


def connection(address):
    kept = local.__dict__.setdefault("kept", {})
    if address not in kept:
        kept[address] = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    return kept[address]


def call(method, path):
    http = connection(job.CORE)
    http.request(method, path, headers=HEADERS)
    return job.data_of(http.getresponse().read())


def get(path):
    return call("GET", path)


def register(package):
    call("POST", job.register_path(package))


def look(path):
    http = connection(job.PORTAL)
    http.request("HEAD", path)
    answer = http.getresponse()
    answer.read()
    if not job.is_page(answer.status, answer.getheader("Content-Type", "")):
        raise ValueError(f"{path}: {answer.status}")


def main():
    with ThreadPoolExecutor(job.PARALLEL) as pool:
        packages, before = pool.map(get, [job.PACKAGES, job.RESOURCE_FILES])
        packages = job.to_register(packages)
        needs = job.needs_of(packages, pool.map(get, map(job.dependencies_path, packages)))
        for level in job.levels(packages, needs):
            list(pool.map(register, level))
        after, rows = pool.map(get, [job.PACKAGES, job.RESOURCE_FILES])
        list(pool.map(look, job.changed_files(before, after, rows)))


main()
