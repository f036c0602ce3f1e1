"""How much our pipeline costs: 20,000 reviews on 200 pages of a local site, crawled and stored, against a bare spider.

    python benchmarks/crawl.py [--pages N] [--sources N]

prints `ours N reviews/s`, `bare N reviews/s` and their `ratio` (both with the start of their process, the best of three
runs), then `N sources at once: N MB` (the crawling process and this one together). The bare spider is Scrapy's own way:
it follows the same pages, reads the same parts of each review with the same selectors, and throws them away.
"""

from __future__ import annotations

import sys
from pathlib import Path

if Path(sys.path[0]).name == "benchmarks":
    del sys.path[0]  # its files are named like the packages that they measure

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import textwrap
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawlers.running.child import run_sources
from crawlers.running.job import CrawlJob
from storage.database import Database
from storage.ingest import ingest
from storage.item import Finished
from storage.source import Crawl, source_by_key

AT = datetime(2026, 11, 20, tzinfo=UTC)
PER_PAGE = 100
SELECTORS = {
    "item": ".review", "id": "::attr(data-id)", "author": ".author::text", "title": ".title::text",
    "text": ".text::text",
    "rating": ".rating::attr(data-value)", "posted_at": ".date::attr(datetime)", "url": ".title::attr(href)",
    "location": ".place::text", "product_version": ".stay::text", "reply_text": ".reply::text",
}  # fmt: skip

SITE = '''
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
PAGES, PER = int(sys.argv[1]), int(sys.argv[2])
def page(n):
    reviews = "".join(f"""<article class="review" data-id="{i}">
<a class="title" href="/r/{i}">滞在 {i}</a>
<span class="author">guest {i % 4000}</span>
<time class="date" datetime="2026-11-{i % 19 + 1:02d}T09:00:00+09:00">…</time>
<b class="rating" data-value="{i % 5 + 1}">★</b><i class="place">浅草</i><i class="stay">2泊</i>
<p class="text">フロントの対応が丁寧で、部屋も清潔でした。朝食の品数がもう少しあると嬉しいです。 {i}</p>
<div class="reply">ご利用ありがとうございました。</div></article>""" for i in range(n * PER, n * PER + PER))
    following = f'<a rel="next" href="/p/{n + 1}">next</a>' if n + 1 < PAGES else ""
    return f"<html><body>{reviews}{following}</body></html>".encode()
BODIES = [page(n) for n in range(PAGES)]
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *a): pass
    def do_GET(self):
        body = BODIES[int(self.path.rpartition("/")[2])] if "/p/" in self.path else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
'''

BARE = """
import sys
from scrapy import Spider, Request
from scrapy.crawler import AsyncCrawlerProcess
SELECTORS = {selectors!r}
class Bare(Spider):
    name = "bare"
    start_urls = [sys.argv[1]]
    def parse(self, response):
        for review in response.css(SELECTORS["item"]):
            yield {{name: review.attrib["data-id"] if name == "id" else review.css(at).get()
                    for name, at in SELECTORS.items() if name != "item"}}
        for href in response.css("a[rel=next]::attr(href)").getall():
            yield response.follow(href)
process = AsyncCrawlerProcess({{"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False}})
process.crawl(Bare)
process.start()
"""


def ours(url: str, folder: Path, sources: int = 1) -> int:
    """Crawls and stores; the number of mentions that are in the database afterwards."""
    database = Database(f"sqlite:///{folder / 'bench.sqlite'}", b"benchmark")
    database.migrate()
    options = {"url": url, "selectors": SELECTORS, "most_pages": 100_000}
    jobs = [
        CrawlJob(f"site{number}", "page", AT, options, delay=0.0, obey_robots=False, timezone="Asia/Tokyo")
        for number in range(sources)
    ]
    ids, batches = {}, {job.key: [] for job in jobs}
    with database.write() as session:
        for job in jobs:
            source = source_by_key(session, job.key, "page")
            crawl = Crawl(source_id=source.id, started_at=AT, state="running")
            crawl.fetched = crawl.new = crawl.revised = crawl.unchanged = crawl.ignored = crawl.rejected = (
                crawl.gone
            ) = 0
            session.add(crawl)
            session.flush()
            ids[job.key] = crawl.id

    def store(key: str) -> None:
        with database.write() as session:
            crawl = session.get_one(Crawl, ids[key])
            ingest(session, source_by_key(session, key, "page"), crawl, batches[key], AT)
        batches[key] = []

    for key, entry in run_sources(jobs, timedelta(minutes=10)):
        if isinstance(entry, Finished):
            store(key)
            assert entry.error is None, entry.error
        else:
            batches[key].append(entry)
            if len(batches[key]) >= 1000:
                store(key)
    with database.read() as session:
        return sum(session.get_one(Crawl, crawl_id).new for crawl_id in ids.values())


def bare(url: str) -> None:
    """The same reading without us."""
    script = textwrap.dedent(BARE.format(selectors=SELECTORS))
    subprocess.run([sys.executable, "-c", script, url], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--sources", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    site = subprocess.Popen(
        [sys.executable, "-c", SITE, str(given.pages), str(PER_PAGE)], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    try:
        url = f"http://127.0.0.1:{site.stdout.readline().strip()}/p/0"
        times: dict[str, list[float]] = {"ours": [], "bare": []}
        for _ in range(given.rounds):
            for name in times:
                with tempfile.TemporaryDirectory() as folder:
                    start = time.perf_counter()
                    stored = ours(url, Path(folder)) if name == "ours" else bare(url)
                    times[name].append(time.perf_counter() - start)
                    assert stored in (None, given.pages * PER_PAGE), stored
        best = {name: given.pages * PER_PAGE / min(seconds) for name, seconds in times.items()}
        print(f"ours {best['ours']:,.0f} reviews/s")
        print(f"bare {best['bare']:,.0f} reviews/s")
        print(f"ratio {best['ours'] / best['bare']:.2f}")
        last = f"{url.rpartition('/')[0]}/{max(0, given.pages - 10)}"
        with tempfile.TemporaryDirectory() as folder:
            ours(last, Path(folder), given.sources)
        both = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
        print(f"{given.sources} sources at once: {both:.0f} MB")
    finally:
        site.terminate()


if __name__ == "__main__":
    main()
