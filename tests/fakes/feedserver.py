"""A small publisher on loopback: the same news as RSS, Atom, RDF, JSON Feed, EDGAR and Federal Register lists.

    with FeedServer() as server:
        server.publish("Example Chip gets licence", publisher="Example Wire")
        poll(server.rss_url)
        server.answer("/rss.xml", Canned(429, {"Retry-After": "30"}))   # instead, until clear("/rss.xml")

Runs in a thread of its own, on a free port. Feeds carry validators and answer 304; EDGAR and the Federal Register
carry none, like the real ones.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from tests.fakes import edgar_archive

EASTERN = ZoneInfo("America/New_York")
RSS, ATOM, RDF, JSON_FEED = "/rss.xml", "/atom.xml", "/index.rdf", "/feed.json"
INSPECTION, DOCUMENTS = "/api/v1/public-inspection-documents/current.json", "/api/v1/documents.json"
EDGAR = "/cgi-bin/browse-edgar"


@dataclass(frozen=True, slots=True)
class Canned:
    """An answer that stands in for the true one."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    before_s: float = 0.0  # silence before the answer
    dribble_s: float = 0.0  # silence between its bytes
    drop: bool = False  # close the connection without any answer


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that came in; header names in lower case."""

    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _News:
    guid: str
    headline: str
    url: str
    published: datetime
    publisher: str | None
    summary: str


@dataclass(slots=True)
class _Filing:
    company: str
    cik: int
    form: str
    items: Mapping[str, str]
    accession: str
    accepted: datetime
    role: str
    text: str | None
    exhibit: str | None
    readable_at: float  # time.monotonic()

    @property
    def folder(self) -> str:
        """Where its pages lie."""
        return f"/Archives/edgar/data/{self.cik}/{self.accession.replace('-', '')}"


class FeedServer:
    """Serves what was published so far, newest first. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._news: list[_News] = []
        self._inspected: list[dict[str, Any]] = []
        self._documents: list[dict[str, Any]] = []
        self._filings: list[_Filing] = []
        self._canned: dict[str, list[Canned]] = {}
        self._asked: list[Asked] = []
        self._count = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server._serve(self)

            def log_message(self, *args: object) -> None:
                """Silence: the tests ask ``asked``."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    # ── where ──

    @property
    def base(self) -> str:
        """``http://127.0.0.1:<port>``."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def url(self, path: str) -> str:
        """The absolute URL of a path."""
        return self.base + path

    @property
    def rss_url(self) -> str:
        return self.url(RSS)

    @property
    def atom_url(self) -> str:
        return self.url(ATOM)

    @property
    def rdf_url(self) -> str:
        return self.url(RDF)

    @property
    def json_feed_url(self) -> str:
        return self.url(JSON_FEED)

    @property
    def inspection_url(self) -> str:
        return self.url(INSPECTION)

    @property
    def documents_url(self) -> str:
        return self.url(DOCUMENTS)

    def edgar_url(self, form: str = "8-K", count: int = 100) -> str:
        return self.url(f"{EDGAR}?action=getcurrent&type={form}&start=0&count={count}&output=atom")

    # ── what is published ──

    def publish(
        self,
        headline: str,
        *,
        url: str | None = None,
        guid: str | None = None,
        published: datetime | None = None,
        publisher: str | None = None,
        summary: str = "",
    ) -> str:
        """Put a headline into every feed (RSS, Atom, RDF, JSON Feed); returns its guid."""
        with self._lock:
            number = self._next()
            news = _News(
                guid=guid or f"news-{number}",
                headline=headline,
                url=url or self.url(f"/news/{number}"),
                published=published or datetime.now(UTC).replace(microsecond=0),
                publisher=publisher,
                summary=summary,
            )
            self._news.insert(0, news)
        return news.guid

    def inspect(
        self,
        title: str,
        *,
        agency: tuple[str, str] = ("industry-and-security-bureau", "Industry and Security Bureau"),
        kind: str = "Rule",
        filed: datetime | None = None,
        number: str | None = None,
        **more: Any,
    ) -> str:
        """File a document for public inspection; returns its number. ``more`` sets or overrides raw fields."""
        filed = (filed or datetime.now(UTC)).astimezone(EASTERN)
        with self._lock:
            number = number or f"2026-{29000 + self._next()}"
            self._inspected.insert(
                0,
                {
                    **self._document(number, title, agency, kind),
                    "toc_subject": None,
                    "toc_doc": title,
                    "agency_names": [agency[1]],
                    "filed_at": filed.isoformat(timespec="milliseconds"),
                    "filing_type": "special",
                    "publication_date": (filed.date() + timedelta(days=2)).isoformat(),
                    "editorial_note": None,
                    "last_public_inspection_issue": filed.date().isoformat(),
                    "page_views": {"count": 0},
                    **more,
                },
            )
        return number

    def withdraw(self, number: str) -> None:
        """Mark a document on public inspection as withdrawn."""
        with self._lock:
            for document in self._inspected:
                if document["document_number"] == number:
                    document["editorial_note"] = "This document was withdrawn by the agency before publication."

    def publish_document(
        self,
        title: str,
        *,
        agency: tuple[str, str] = ("industry-and-security-bureau", "Industry and Security Bureau"),
        kind: str = "Rule",
        day: str = "2026-11-04",
        number: str | None = None,
        **more: Any,
    ) -> str:
        """Publish a document in the Federal Register; returns its number."""
        with self._lock:
            number = number or f"2026-{29000 + self._next()}"
            parent = {"slug": "commerce-department", "name": "Commerce Department", "parent_id": None}
            document = self._document(number, title, agency, kind)
            document["agencies"] = [parent, *document["agencies"]]
            self._documents.insert(0, {**document, "abstract": None, "publication_date": day, **more})
        return number

    def file(
        self,
        company: str,
        cik: int,
        *,
        form: str = "8-K",
        items: Mapping[str, str] | None = None,
        accession: str | None = None,
        accepted: datetime | None = None,
        role: str = "Filer",
        text: str | None = None,
        exhibit: str | None = None,
        late_s: float = 0.0,
    ) -> str:
        """File a form with EDGAR; returns its accession number.

        Args:
            company: its conformed name.
            cik: its number.
            form: "8-K", "6-K", …
            items: number to EDGAR's words; item 8.01 and exhibits when None.
            accession: of an earlier filing, to list that one under another party, too.
            accepted: now when None.
            role: of the company in it.
            text: what its first item (a 6-K: its page) says, blank lines between paragraphs; None: no page is there.
            exhibit: the press release that comes with it as exhibit 99.1.
            late_s: for so long its pages answer 404, although it is listed.
        """
        with self._lock:
            number = accession or f"{cik:010d}-26-{self._next():06d}"
            items = {"8.01": "Other Events", "9.01": "Financial Statements and Exhibits"} if items is None else items
            readable_at = time.monotonic() + late_s
            accepted = accepted or datetime.now(UTC)
            self._filings.insert(
                0, _Filing(company, cik, form, items, number, accepted, role, text, exhibit, readable_at)
            )
        return number

    def index_path(self, accession: str) -> str:
        """The path of a filing's index page, for ``answer``."""
        return f"{self._filing(accession).folder}/{accession}-index.htm"

    def document_path(self, accession: str, name: str = "form.htm") -> str:
        """The path of one of a filing's documents: "form.htm" or "ex991.htm"."""
        return f"{self._filing(accession).folder}/{name}"

    # ── how it behaves ──

    def answer(self, path: str, *canned: Canned) -> None:
        """Give these answers at ``path``, one after the other, the last one for ever."""
        with self._lock:
            self._canned[path] = list(canned)

    def clear(self, path: str) -> None:
        """Give the true answer at ``path`` again."""
        with self._lock:
            self._canned.pop(path, None)

    @property
    def asked(self) -> list[Asked]:
        """Every request so far."""
        with self._lock:
            return list(self._asked)

    # ── inside ──

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _document(self, number: str, title: str, agency: tuple[str, str], kind: str) -> dict[str, Any]:
        return {
            "document_number": number,
            "type": kind,
            "title": f"{title} ",  # theirs end in a blank now and then
            "agencies": [{"raw_name": agency[1], "name": agency[1], "slug": agency[0], "parent_id": 54}],
            "html_url": self.url(f"/documents/{number}"),
            "pdf_url": self.url(f"/documents/{number}.pdf"),
        }

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        headers = {name.lower(): value for name, value in request.headers.items()}
        with self._lock:
            self._asked.append(Asked(parts.path, parse_qs(parts.query), headers))
            queue = self._canned.get(parts.path)
            canned = queue.pop(0) if queue and len(queue) > 1 else queue[0] if queue else None
            if canned is None:
                canned = self._true_answer(parts.path, parse_qs(parts.query), headers)
        try:
            _send(request, canned)
        except OSError:
            request.close_connection = True  # the client gave up, as some tests want it to

    def _true_answer(self, path: str, query: Mapping[str, list[str]], headers: Mapping[str, str]) -> Canned:
        feeds = {
            RSS: (self._rss, "application/rss+xml; charset=utf-8"),
            ATOM: (self._atom, "application/atom+xml"),
            RDF: (self._rdf, "application/rdf+xml"),
            JSON_FEED: (self._json_feed, "application/feed+json"),
        }
        if path in feeds:
            render, content_type = feeds[path]
            body = render().encode()
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if headers.get("if-none-match") == etag:
                return Canned(304, {"ETag": etag})
            newest = self._news[0].published if self._news else datetime(2026, 1, 1, tzinfo=UTC)
            stamp = format_datetime(newest.astimezone(UTC), usegmt=True)
            return Canned(200, {"Content-Type": content_type, "ETag": etag, "Last-Modified": stamp}, body)
        if path == INSPECTION:
            return _json({"count": len(self._inspected), "meta": {}, "results": self._inspected})
        if path == DOCUMENTS:
            if not self._documents:
                return _json({"count": 0, "description": "no documents"})  # an empty answer has no results
            return _json({"count": len(self._documents), "total_pages": 1, "results": self._documents})
        if path.startswith("/Archives/") and (page := self._archived(path)) is not None:
            return Canned(200, {"Content-Type": "text/html"}, page)
        if path == EDGAR:
            return Canned(200, {"Content-Type": "application/atom+xml"}, self._edgar(query).encode("iso-8859-1"))
        return Canned(404, {"Content-Type": "text/html"}, b"<html><body>not found</body></html>")

    def _rss(self) -> str:
        items = "".join(
            f"<item><title>{escape(n.headline + (f' - {n.publisher}' if n.publisher else ''))}</title>"
            f"<link>{escape(n.url)}</link><guid isPermaLink='false'>{escape(n.guid)}</guid>"
            f"<pubDate>{format_datetime(n.published.astimezone(UTC), usegmt=True)}</pubDate>"
            + (f"<source url='https://example.com'>{escape(n.publisher)}</source>" if n.publisher else "")
            + f"<description>{escape(n.summary)}</description></item>"
            for n in self._news
        )
        return (
            "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><title>Example</title>"
            f"{items}</channel></rss>"
        )

    def _atom(self) -> str:
        entries = "".join(
            f"<entry><id>{escape(n.guid)}</id><title>{escape(n.headline)}</title><link rel='self' href='/self/{i}'/>"
            f"<link rel='alternate' href={quoteattr(n.url)}/><updated>{n.published.isoformat()}</updated>"
            f"<published>{n.published.isoformat()}</published><summary>{escape(n.summary)}</summary></entry>"
            for i, n in enumerate(self._news)
        )
        return f"<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'><title>Example</title>{entries}</feed>"

    def _rdf(self) -> str:
        items = "".join(
            f"<item rdf:about={quoteattr(n.url)}><title>{escape(n.headline)}</title><link>{escape(n.url)}</link>"
            f"<dc:date>{n.published.isoformat()}</dc:date></item>"
            for n in self._news
        )
        return (
            "<?xml version='1.0'?><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
            "xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
            f"<channel rdf:about='https://example.com'><title>Example</title></channel>{items}</rdf:RDF>"
        )

    def _json_feed(self) -> str:
        items = [
            {
                "id": n.guid,
                "url": n.url,
                "title": n.headline,
                "date_published": n.published.isoformat(),
                "summary": n.summary,
            }
            for n in self._news
        ]
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Example", "items": items})

    def _filing(self, accession: str) -> _Filing:
        return next(filing for filing in self._filings if filing.accession == accession)

    def _archived(self, path: str) -> bytes | None:
        folder, _, name = path.rpartition("/")
        filing = next((filing for filing in self._filings if filing.folder == folder), None)
        if filing is None or filing.text is None or time.monotonic() < filing.readable_at:
            return None
        foreign = filing.form.startswith("6-K")
        form = (
            edgar_archive.foreign_report(filing.company, filing.text)
            if foreign
            else edgar_archive.report(filing.company, filing.items, filing.text)
        )
        pages = {"form.htm": (filing.form, form)}
        if filing.exhibit is not None:
            pages["ex991.htm"] = ("EX-99.1", edgar_archive.press_release(filing.exhibit))
        if name == f"{filing.accession}-index.htm":
            rows = [(kind, file, len(page)) for file, (kind, page) in pages.items()]
            return edgar_archive.index_page(filing.accession, filing.form, folder, rows)
        return pages[name][1] if name in pages else None

    def _edgar(self, query: Mapping[str, list[str]]) -> str:
        prefix = query.get("type", [""])[0]
        start, count = (int(query.get(key, [usual])[0]) for key, usual in (("start", "0"), ("count", "40")))
        listed = [filing for filing in self._filings if filing.form.startswith(prefix)][start : start + count]
        entries = []
        for f in listed:
            lines = "".join(f"<br>Item {number}: {words}\n" for number, words in f.items.items())
            accepted = f.accepted.astimezone(EASTERN).isoformat(timespec="seconds")
            summary = f" <b>Filed:</b> {accepted[:10]} <b>AccNo:</b> {f.accession} <b>Size:</b> 1 MB\n{lines}"
            entries.append(
                f"<entry>\n<title>{f.form} - {escape(f.company)} ({f.cik:010d}) ({f.role})</title>\n"
                f"<link rel='alternate' type='text/html' href='{self.base}{f.folder}/{f.accession}-index.htm'/>\n"
                f"<summary type='html'>\n{escape(summary)}</summary>\n<updated>{accepted}</updated>\n"
                f"<category scheme='https://www.sec.gov/' label='form type' term='{f.form}'/>\n"
                f"<id>urn:tag:sec.gov,2008:accession-number={f.accession}</id>\n</entry>\n"
            )
        return (
            '<?xml version="1.0" encoding="ISO-8859-1" ?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
            f"<title>Latest Filings</title>\n{''.join(entries)}</feed>"
        )


def _json(document: Mapping[str, Any]) -> Canned:
    return Canned(200, {"Content-Type": "application/json; charset=utf-8"}, json.dumps(document).encode())


def _send(request: BaseHTTPRequestHandler, canned: Canned) -> None:
    time.sleep(canned.before_s)
    if canned.drop:
        request.close_connection = True
        return
    request.send_response(canned.status)
    for name, value in canned.headers.items():
        request.send_header(name, value)
    if "Content-Length" not in canned.headers and canned.status != 304:
        request.send_header("Content-Length", str(len(canned.body)))
    request.end_headers()
    if canned.dribble_s:
        for byte in canned.body:
            request.wfile.write(bytes([byte]))
            request.wfile.flush()
            time.sleep(canned.dribble_s)
    else:
        request.wfile.write(canned.body)
