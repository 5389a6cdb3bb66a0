"""`make setup-browser`: the Python part from the lock, how to get a Chromium, and whether it starts.

Only portals whose file asks for a browser need any of it. What the lock says of scrapy-playwright and of all
that it needs is installed with its hashes. The Chromium is the system's own: this command never installs one,
it tells how. Ends 0 when about:blank was shown, else 1.
"""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "dev.txt"
PACKAGE = "scrapy-playwright"
SECONDS = 60  # for a first start on a slow machine

HOW = """\
没有找到 Chromium。请用系统自己的软件源安装，然后再运行 make setup-browser：
No Chromium was found. Install it from your system's own packages, then run make setup-browser again:

  Debian, Ubuntu    sudo apt-get install chromium      (Ubuntu: chromium-browser)
  Fedora, RHEL      sudo dnf install chromium
  openSUSE          sudo zypper install chromium
  Arch              sudo pacman -S chromium
  麒麟 UOS openEuler  用系统的软件商店或软件源安装 chromium with the system's store or packages
  macOS, Windows    安装 Chrome 或 Chromium 后指明路径 install either, then name its path (below)

已装在别处的，请指明路径 where it is elsewhere, name its path:
  export NIANBAO_BROWSER=/path/to/chromium
"""
FAILED = """\
浏览器没有启动 the browser did not start: {path}
  {error}
常见原因：缺少系统库（重装 chromium 包）；容器内存或 /dev/shm 太小；路径不是 Chromium。
Often: missing system libraries (install the chromium package again), a container with too little memory or
/dev/shm, or a path that is no Chromium (NIANBAO_BROWSER).
"""


def locked(package: str, lock: str) -> str:
    """The lines of the lock for a package and all that it needs, as its `# via` comments tell."""
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", lock)
    named = {block.partition("==")[0].strip().lower(): block for block in blocks if "==" in block}
    wanted = [package]
    for name in wanted:
        wanted += [
            other
            for other, block in named.items()
            if other not in wanted and re.search(rf"(?m)^    # +(?:via )?{re.escape(name)}$", block)
        ]
    return "".join(named[name] for name in wanted)


def install(lock: Path = LOCK) -> None:
    """The extra, with the versions and hashes of the lock. Raises CalledProcessError."""
    with TemporaryDirectory() as folder:
        part = Path(folder) / "browser.txt"
        part.write_text(locked(PACKAGE, lock.read_text(encoding="utf-8")), encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "--no-deps", "-r", str(part)]
        subprocess.run(pip, check=True)
    importlib.invalidate_caches()


def start(executable: str) -> str:
    """Show about:blank with the crawl's own flags. The browser's version. Raises playwright's Error."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - it may just have been installed
    from scrapy.settings import Settings  # noqa: PLC0415

    from crawler.browser import launch_options  # noqa: PLC0415

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    options = {**launch_options(settings), "executable_path": executable, "timeout": 1000 * SECONDS}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        try:
            page = browser.new_page()
            page.goto("about:blank", timeout=1000 * SECONDS)
            page.evaluate("document.body.append('样例 sample')")
            return browser.version
        finally:
            browser.close()


def main(arguments: Sequence[str] = ()) -> int:
    """The command; it takes no argument."""
    if arguments:
        sys.stderr.write("用法 usage: make setup-browser\n")
        return 2
    if find_spec("scrapy_playwright") is None:
        sys.stdout.write("安装浏览器组件 installing the browser extra\n")
        install()
    from playwright.sync_api import Error  # noqa: PLC0415
    from scrapy.settings import Settings  # noqa: PLC0415

    from crawler.browser import executable_path  # noqa: PLC0415

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    path = executable_path(settings)
    if path is None:
        sys.stderr.write(HOW)
        return 1
    try:
        version = start(path)
    except Error as error:
        sys.stderr.write(FAILED.format(path=path, error=error.message.strip().splitlines()[0]))
        return 1
    sys.stdout.write(f"浏览器可用 the browser works: {path}, {version}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
