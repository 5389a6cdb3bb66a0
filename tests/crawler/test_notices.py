"""`scrapy audit --notify`: a real HTTP sink and a real mail server hear of each change once."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.archive.test_audit_commands import Done, scrapy
from tests.extract.rebuild_making import Day, register_file

BEFORE, AFTER = "2025-01-20", "2025-02-14"


class Sink:
    """What was posted; `answer` is what the next post gets."""

    def __init__(self) -> None:
        self.posts: list[dict[str, str]] = []
        self.answer = 200
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if sink.answer == 200:
                    sink.posts.append(json.loads(body))
                self.send_response(sink.answer)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Mailbox:
    """A mail server on loopback that keeps what it is handed."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    async def handle_DATA(  # noqa: N802 - the name that the server calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content)
        return "250 OK"


@pytest.fixture
def sink() -> Iterator[Sink]:
    found = Sink()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    found = Mailbox()
    yield found
    found.controller.stop()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    register_file(folder, towns=("甲", "乙"))
    for text in ("2025-02-10", "2025-02-13"):
        day = Day(text)
        day.report("甲", 2024)
        day.write(folder / "archive")
    assert scrapy(folder, "rebuild").returncode == 0
    return folder


def notify(data: Path, config: Path, as_of: str) -> Done:
    return scrapy(data, "audit", "--as-of", as_of, "--notify", "-s", f"NOTICES={config}")


def config_of(folder: Path, *addresses: str) -> Path:
    path = folder / "notices.conf"
    path.write_text("\n".join(addresses) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def told_before(data: Path) -> Path:
    """The data folder, nothing told yet."""
    for path in (data / "notices").glob("*.json"):
        path.unlink()
    return data


def test_changes_are_told_once_by_post_and_by_mail(
    told_before: Path, tmp_path: Path, sink: Sink, mailbox: Mailbox
) -> None:
    config = config_of(
        tmp_path,
        f"json://127.0.0.1:{sink.server.server_port}/notices",
        f"mailto://127.0.0.1:{mailbox.port}/?from=nianbao@example.test&to=office@example.test&mode=insecure",
    )
    first = notify(told_before, config, BEFORE)
    assert "通知 notices: 0" in first.stderr
    assert not sink.posts
    second = notify(told_before, config, AFTER)
    assert second.returncode == 20, second.stderr
    assert "通知 notices: 1" in second.stderr
    (post,) = sink.posts
    assert "项变化" in post["title"]
    assert "未到期 → 未检索到" in post["message"]
    (mail,) = mailbox.mails
    message = message_from_bytes(mail, policy=policy.default)
    assert "项变化" in str(message["subject"])
    body = message.get_body(("plain", "html"))
    assert body is not None
    assert "未检索到" in body.get_content()
    third = notify(told_before, config, AFTER)
    assert "通知 notices: 0" in third.stderr
    assert len(sink.posts) == len(mailbox.mails) == 1


def test_who_was_out_of_reach_hears_next_time(told_before: Path, tmp_path: Path, sink: Sink) -> None:
    config = config_of(tmp_path, f"json://user:secret@127.0.0.1:{sink.server.server_port}/")
    notify(told_before, config, BEFORE)
    sink.answer = 503
    failed = notify(told_before, config, AFTER)
    assert failed.returncode == 7
    assert "未送达 not delivered" in failed.stderr
    assert "secret" not in failed.stderr
    sink.answer = 200
    assert notify(told_before, config, AFTER).returncode == 20
    assert len(sink.posts) == 1


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [(None, 2, "NIANBAO_NOTICES"), ("nonsense\n", 4, "没有可用的通知地址")],
)
def test_nobody_to_tell_is_told(data: Path, tmp_path: Path, text: str | None, code: int, words: str) -> None:
    path = tmp_path / "notices.conf"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    done = scrapy(data, "audit", "--as-of", AFTER, "--notify", "-s", f"NOTICES={path if text else ''}")
    assert done.returncode == code
    assert words in done.stderr


def test_a_part_of_the_truth_is_not_told(data: Path) -> None:
    done = scrapy(data, "audit", "--as-of", AFTER, "--notify", "--years", "2024")
    assert done.returncode == 2
    assert "--years" in done.stderr
