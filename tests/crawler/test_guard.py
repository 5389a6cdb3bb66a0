"""What may be asked for at all: the allow-list, addresses, CONTACT, and what names resolve to."""

from __future__ import annotations

import pytest
from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.spiders import Spider
from twisted.internet import defer

from crawler.guard import AddressRefusedError, Guard, GuardedResolver, GuardRefused, is_address, is_public


@pytest.fixture
def guard() -> Guard:
    return Guard(contact="a@example.org", allowed=["xxgk.example.com"], exempt=["sample.test"])


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.gov.cn/col/col1/index.html",
        "http://WWW.Example.GOV.CN./",
        "http://www.example.gov.cn:8080/x",
        "https://xxgk.example.com/a",
        "http://sample.test/robots.txt",
    ],
)
def test_let_through(guard: Guard, url: str) -> None:
    guard.check_url(url)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://www.example.com/", "off_site"),
        ("https://example.gov.cn.evil.com/", "off_site"),
        ("https://evilgov.cn/", "off_site"),
        ("https://www.gov.cn@evil.com/", "off_site"),
        ("https://sub.xxgk.example.com/", "off_site"),
        ("http://localhost/", "off_site"),
        ("http://10.0.0.1/", "ip_literal"),
        ("http://8.8.8.8/", "ip_literal"),
        ("http://[::1]/", "ip_literal"),
        ("http://[::ffff:10.0.0.1]/", "ip_literal"),
        ("http://2130706433/", "ip_literal"),
        ("http://0x7f000001/", "ip_literal"),
        ("http://0x7f.1/", "ip_literal"),
        ("http://127.1/", "ip_literal"),
        ("ftp://www.example.gov.cn/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("http:///x", "scheme"),
    ],
)
def test_refused(guard: Guard, url: str, code: str) -> None:
    with pytest.raises(GuardRefused) as refused:
        guard.check_url(url)
    assert refused.value.code == code
    assert "\n" not in str(refused.value)


def test_no_contact_no_request_but_to_loopback() -> None:
    guard = Guard(contact=" ", exempt=["sample.test"])
    guard.check_url("http://sample.test/")
    with pytest.raises(GuardRefused) as refused:
        guard.check_url("http://www.example.gov.cn/")
    assert refused.value.code == "no_contact"
    assert "NIANBAO_CONTACT" in str(refused.value)


def test_one_guard_per_crawler() -> None:
    crawler = Crawler(Spider, Settings({"CONTACT": "a@example.org"}))
    other = Crawler(Spider, Settings({"CONTACT": "a@example.org"}))
    Guard.from_crawler(crawler).allow(["extra.example.com"])
    Guard.from_crawler(crawler).check_url("http://extra.example.com/")
    with pytest.raises(GuardRefused):
        Guard.from_crawler(other).check_url("http://extra.example.com/")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("10.1.2.3", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("192.168.1.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:0a00:0001::", False),
        ("2400:3200::1", True),
        ("nonsense", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_names_are_no_addresses() -> None:
    assert not is_address("www.example.gov.cn")
    assert not is_address("12306.cn")


@pytest.mark.parametrize(
    ("name", "address", "refused"),
    [
        ("www.example.gov.cn", "8.8.8.8", False),
        ("www.example.gov.cn", "10.0.0.1", True),
        ("sample.test", "127.0.0.1", False),
    ],
)
def test_the_resolver_hands_out_public_addresses_only(
    name: str, address: str, refused: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from twisted.internet import reactor  # noqa: PLC0415 - importing it installs it

    settings = Settings({"GUARD_EXEMPT_HOSTS": ["sample.test"], "DNSCACHE_ENABLED": False})
    resolver = GuardedResolver.from_crawler(Crawler(Spider, settings), reactor)
    # What the system's resolver would answer; the network is not asked in tests.
    monkeypatch.setattr(
        "scrapy.resolver.CachingThreadedResolver.getHostByName", lambda *_a, **_k: defer.succeed(address)
    )
    results: list[object] = []
    resolver.getHostByName(name).addBoth(results.append)
    (result,) = results
    if refused:
        assert result.check(AddressRefusedError)
        assert "10.0.0.1" in caplog.text
    else:
        assert result == address
