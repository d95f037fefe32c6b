"""asyncio with aiohttp: each plugin starts when those that it needs are done, with no levels."""

import asyncio
import os

import aiohttp
import job

HEADERS = {"Authorization": job.authorization(os.environ["SEED_FILE"])}


async def main():
    free = asyncio.Semaphore(job.PARALLEL)
    connector = aiohttp.TCPConnector(limit=job.PARALLEL)
    timeout = aiohttp.ClientTimeout(total=None, sock_read=60)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:

        async def call(method, path):
            async with free, session.request(method, job.CORE + path, headers=HEADERS) as answer:
                return job.data_of(await answer.read())

        async def register(package):
            await asyncio.gather(*(done[name].wait() for name in needs[package["name"]]))
            await call("POST", job.register_path(package))
            done[package["name"]].set()

        async def look(path):
            async with free, session.head(job.PORTAL + path) as answer:
                if not job.is_page(answer.status, answer.headers.get("Content-Type", "")):
                    raise ValueError(f"{path}: {answer.status}")

        async def lists():
            return await asyncio.gather(call("GET", job.PACKAGES), call("GET", job.RESOURCE_FILES))

        packages, before = await lists()
        packages = job.to_register(packages)
        answers = await asyncio.gather(*(call("GET", job.dependencies_path(it)) for it in packages))
        needs = job.needs_of(packages, answers)
        done = {package["name"]: asyncio.Event() for package in packages}
        await asyncio.gather(*map(register, packages))
        after, rows = await lists()
        await asyncio.gather(*map(look, job.changed_files(before, after, rows)))


asyncio.run(main())
