"""Settings of the Scrapy project: what differs from Scrapy, each with Scrapy's default, ours and the reason.

The environment is read here and nowhere else:

    NIANBAO_CONTACT    who runs this crawl: an e-mail address or a URL, sent in the User-Agent. Without it no
                       host off loopback is asked for anything.
    NIANBAO_DATA       folder for everything that a run writes. Default `data` beside scrapy.cfg.
    NIANBAO_CATALOGUE  SQLAlchemy URL of the catalogue. Default: SQLite in the data folder.
    NIANBAO_PORTALS    folders of portal files, parted by the path separator. Default: the shipped ones.
    NIANBAO_REGISTER   register files that are added to the shipped register, parted likewise. Default none.
    NIANBAO_BROWSER    the Chromium for portals that ask for one. Default: the one on the search path.
    NIANBAO_CLOCK      ISO time with zone at which a simulated clock starts. Default: the system's clock.
    NIANBAO_ARCHIVE_STORE  URL, as fsspec has it, of a store for closed files (s3://bucket/nianbao, a mounted
                       folder): copied there, and read there when they no longer lie here. Default none.
                       Who may read and write there is the driver's business (for S3: AWS_… and ~/.aws).
    NIANBAO_NOTICES    an Apprise configuration file: whom `scrapy audit --notify` tells. Default none.

Any of them can also be given for one command: `scrapy crawl portal -s CONTACT=…` (CONTACT, DATA_DIR,
ARCHIVE_DIR, ARCHIVE_STORE, CATALOGUE_URL, PORTAL_DIRS, REGISTER_FILES, CLOCK_START, NOTICES).
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent


def _paths(variable: str) -> list[str]:
    return [part for part in os.environ.get(variable, "").split(os.pathsep) if part]


# --- Nianbao's own ---------------------------------------------------------------------------------------

CONTACT = os.environ.get("NIANBAO_CONTACT", "")
DATA_DIR = os.environ.get("NIANBAO_DATA") or str(HOME / "data")
ARCHIVE_DIR = str(Path(DATA_DIR) / "warc")
ARCHIVE_STORE = os.environ.get("NIANBAO_ARCHIVE_STORE", "")
CATALOGUE_URL = os.environ.get("NIANBAO_CATALOGUE") or f"sqlite:///{Path(DATA_DIR) / 'catalogue.sqlite'}"
PORTAL_DIRS = _paths("NIANBAO_PORTALS") or [str(Path(__file__).parent / "portals")]
REGISTER_FILES = _paths("NIANBAO_REGISTER")
CLOCK_START = os.environ.get("NIANBAO_CLOCK", "")
NOTICES = os.environ.get("NIANBAO_NOTICES", "")
GUARD_EXEMPT_HOSTS: list[str] = []  # names that are loopback by construction: sample portals only
LOOPBACK_HOSTS: list[str] = []  # of them those whose portal file says so; set by the spider
DECLINED_IN_A_ROW = 3  # answers that decline, then the host is left alone for the run
UNREACHABLE_IN_A_ROW = 6  # failed attempts (two pages with two retries each), then the host is given up
REQUESTS_PER_HOST_A_DAY = 5000  # attempts, counted from the archive; a first full crawl of a large county
#                                 is some 3,000, at three seconds each four hours of a small server's day
LOAD_GROUPS: dict[str, str] = {}  # domain → city: one request at a time in all; set by the spider
RETRY_AFTER_DEFAULT = 60.0  # seconds to wait after a 429 that does not say how long
RESUME_WITHIN_HOURS = 12.0  # a younger unfinished run is taken up again; by the next day it is left
RETRY_AFTER_MAX = 900.0  # a host that asks for more is left alone for the run

# --- What Scrapy must know -------------------------------------------------------------------------------

BOT_NAME = "nianbao"  # scrapybot
SPIDER_MODULES = ["crawler.spiders"]  # none
NEWSPIDER_MODULE = "crawler.spiders"  # none
COMMANDS_MODULE = "crawler.commands"  # none
USER_AGENT = "Nianbao/0.1"  # Scrapy/VERSION; an honest name, to which Signature adds CONTACT
ADDONS = {"crawler.signature.Signature": 0}  # none

# --- Politeness (design rule 7) --------------------------------------------------------------------------

DOWNLOAD_DELAY = 3.0  # 0; county servers are small. DOWNLOAD_DELAY_JITTER stays at Scrapy's ±50 %
CONCURRENT_REQUESTS = 0  # 16; no limit in all: one for each host that has any, and no host holds up another
SCHEDULER_PRIORITY_QUEUE = "crawler.waiting.HostQueue"  # DownloaderAware…; one at a time leaves it per host
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # Lifo…; a host's pages in the order of its list
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # 8; one at a time per host
DOWNLOAD_TIMEOUT = 60.0  # 180; a page that brings nothing for a minute is tried again, twice
ROBOTSTXT_OBEY = False  # False, and ours is on regardless: Scrapy's middleware allows all on any failure
RETRY_TIMES = 2  # 2, pinned: at most three requests for one page
METAREFRESH_MAXDELAY = 5  # 100; a page that renews itself each minute is no redirect
REDIRECT_MAX_TIMES = 5  # 20; RFC 9309 §2.3.1.2 asks for five, and no portal needs more
HTTPERROR_ALLOW_ALL = True  # False; a walk must hear of every answer
COOKIES_ENABLED = True  # True, pinned: Lonsun asks for the cookie of the first load (portals.md §4.5)

# --- The archive -----------------------------------------------------------------------------------------

DOWNLOAD_HANDLERS = {  # Scrapy's own handlers; nothing is fetched that is not recorded
    "http": "crawler.tls.PortalDownloadHandler",
    "https": "crawler.tls.PortalDownloadHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
EXTENSIONS = {
    "crawler.recording.ArchiveExtension": 10,
    "crawler.timers.TimerSweep": 20,  # none; a quick crawl keeps no minute of timers that were called off
    "scrapy.extensions.telnet.TelnetConsole": None,  # on; nobody steers a running crawl from outside
    "scrapy.extensions.remote_control.RemoteControl": None,  # on; likewise
    "scrapy.extensions.feedexport.FeedExporter": None,  # on; the spider yields no items
}
TELNETCONSOLE_ENABLED = False  # True
REMOTE_CONTROL_ENABLED = False  # True
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # 50; the guard knows the allow-list
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # 100
    "crawler.replay.ReplayMiddleware": 50,  # before all that waits or asks
    "crawler.robots.RobotsMiddleware": 100,
    "crawler.conditional.ConditionalMiddleware": 580,  # above decompression: what it hands up is plain
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # 590; ours is leaner
    "crawler.decompression.DecompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # 300; no portal is logged in to
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,  # 750; a proxy blinds the guard
    "crawler.politeness.PolitenessMiddleware": 960,  # nearest the downloader: nothing passes it unseen
}
DEFAULT_REQUEST_HEADERS = {  # Accept-Language en, and br, zstd are offered
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",  # old replay tools cannot undo br and zstd (archive.md T2)
}
TWISTED_DNS_RESOLVER = "crawler.guard.GuardedResolver"  # CachingThreadedResolver; refuses private addresses
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024  # 1 GiB; beyond it the record is marked WARC-Truncated: length
DOWNLOAD_FAIL_ON_DATALOSS = True  # True, pinned: a cut page is archived and asked for again, never read
PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT = 600_000  # 30 s; a page waits for its parts, one each three seconds
PLAYWRIGHT_LAUNCH_OPTIONS: dict[str, object] = {}  # more options for its start (crawler.browser.FLAGS)
BROWSER_EXECUTABLE = os.environ.get("NIANBAO_BROWSER", "")  # else chromium as the search path has it
TLS_PROFILES: dict[str, str] = {}  # host → profile; the spider fills it from the portal files
HTTPCACHE_ENABLED = False  # False, pinned: a cached page must not be archived as fresh (archive.md T16)

# --- Speed (docs/benchmarks.md) --------------------------------------------------------------------------

ASYNCIO_EVENT_LOOP = "uvloop.Loop" if find_spec("uvloop") else None  # None; a tenth less time for a page
CONCURRENT_ITEMS = 1  # 100; Scrapy makes so many tasks for each answer, and the spider yields only requests

# --- Hand-off (docs/handoff.md) ---------------------------------------------------------------------------

HANDOFF: dict[str, str] = {}  # name → a command line, or `spool:FOLDER`: outside parsers of each Document
HANDOFF_TRIES = 3  # then the document is parked, with its error
HANDOFF_SECONDS = 60.0  # for one document; a parser that takes longer is ended

# --- Talk ------------------------------------------------------------------------------------------------

LOG_LEVEL = "INFO"  # DEBUG; a line a page is enough
LOG_COLOR = False  # True; logs are kept in files
