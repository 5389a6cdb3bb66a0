"""Certificates are checked, unless a portal file departs from it with a reason."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from archive.context import WalkResult
from tests.crawler.crawling import full_crawl, list_page, portal_file
from tests.crawler.odd_server import Answer, odd_server


def self_signed(folder: Path) -> Path:
    """A certificate and its key in one file, for a name that no portal has."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "other.example.org")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path


def test_tls_by_portal(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))

    def behave(path: str, before: int) -> Answer:
        if path == "/robots.txt":
            return Answer(404, "no")
        return Answer(body=list_page(("./202501/t20250110_1.html", "示例镇2024年政府信息公开工作年度报告")))

    tls = {"unverified": "证书名称不符", "legacy": "只支持旧套件"}
    for name in ("strict", *tls):
        departure = {"tls": {"reason": tls[name], "profile": name}} if name in tls else {}
        portal_file(tmp_path / "portals", name, base_url=f"https://{name}.test/", **departure)
    with odd_server({f"{name}.test": behave for name in ("strict", *tls)}) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        ran = full_crawl(tmp_path, server.port, "strict.test", "unverified.test", "legacy.test")
    walks = ran.walks()
    assert walks["strict/nb"].result is WalkResult.UNREACHABLE
    assert walks["unverified/nb"].complete, walks["unverified/nb"].reason
    assert walks["legacy/nb"].complete
    assert server.paths("strict.test") == [], "no request before the certificate is checked"
