"""The sample settings, for hosts that a test plays itself: every exempt name leads to the test's server."""

from tests.portals.settings import *  # noqa: F403 - a settings module is a name space

TWISTED_DNS_RESOLVER = "tests.crawler.resolver.ExemptResolver"
