"""What the Python competitors share: the token, the order, what counts as done.

`job.py SEED_FILE` prints the Authorization header, for the shell competitors."""

import base64
import hashlib
import hmac
import json
import os
import sys
import time

CORE = os.environ.get("CORE")
PORTAL = os.environ.get("PORTAL")
PARALLEL = int(os.environ.get("PARALLEL", "8"))

PACKAGES = "/platform/v1/packages?all=yes"
RESOURCE_FILES = "/platform/v1/resource-files"
AUTHORITY = "[SUPER_ADMIN,ADMIN_SYSTEM_PARAMS,ADMIN_RESOURCES_MANAGEMENT,COLLABORATION_PLUGIN_MANAGEMENT]"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def authorization(seed_file):
    """A token signed with the seed, as docs/platform/tokens.md describes it."""
    with open(seed_file) as file:
        seed = file.read().strip()
    now = int(time.time())
    claims = {"sub": "benchmark", "iat": now - 60, "exp": now + 1200, "type": "accessToken",
              "clientType": "USER", "authority": AUTHORITY}
    parts = [base64url(json.dumps(part).encode()) for part in ({"alg": "HS512", "typ": "JWT"}, claims)]
    text = b".".join(parts)
    key = base64.b64decode(seed + "=" * (-len(seed) % 4))
    return "Bearer " + (text + b"." + base64url(hmac.new(key, text, hashlib.sha512).digest())).decode()


def data_of(body):
    """The data of an answer, if its `status` is OK; the HTTP status proves nothing."""
    answer = json.loads(body)
    if answer["status"] != "OK":
        raise ValueError(answer["message"])
    return answer["data"] or []


def to_register(packages):
    return [package for package in packages if package["status"] == "REGISTERED" and package["uiPackageIncluded"]]


def dependencies_path(package):
    return f"/platform/v1/packages/{package['id']}/dependencies"


def register_path(package):
    return f"/platform/v1/packages/register/{package['id']}"


def needs_of(packages, answers):
    """For each plugin the plugins among `packages` that must be registered before it."""
    names = {package["name"] for package in packages}
    return {package["name"]: {need["packageName"] for need in answer["dependencies"]} & names
            for package, answer in zip(packages, answers)}


def levels(packages, needs):
    """Lists of packages; each list needs only those before it."""
    done, left = set(), list(packages)
    while left:
        level = [package for package in left if needs[package["name"]] <= done]
        if not level:
            raise ValueError("the dependencies form a cycle")
        left = [package for package in left if not needs[package["name"]] <= done]
        done |= {package["name"] for package in level}
        yield level


def changed_files(before, packages, rows):
    """Scripts and styles to ask the portal for; an error unless every registration left its traces."""
    old_ids = {row["id"] for row in before}
    states = {package["id"]: package["status"] for package in packages}
    files, listed = [], set()
    for row in rows:
        if row["id"] in old_ids:
            raise ValueError(f"{row['packageName']}: the resource file list is the one from before")
        listed.add(row["pluginPackageId"])
        if row["relatedPath"].endswith((".js", ".css")):
            files.append(row["relatedPath"])
    unlisted = [id for id, status in states.items() if status != "REGISTERED" or id not in listed]
    if unlisted:
        raise ValueError(f"{len(unlisted)} plugins without files or not registered")
    return files


def is_page(status, content_type):
    return status == 200 and content_type.startswith(("application/javascript", "text/css"))


if __name__ == "__main__":
    print("Authorization:", authorization(sys.argv[1]))
