# 年报 Nianbao: the daily verbs. Each wraps commands of `.venv/bin/scrapy`; docs/commands.md tells them all.
# rebuild, audit and verify act on data/ once a real portal was crawled, before that on the sample data.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
PORTALS ?=
YEARS ?=
FULL ?=
AS_OF ?=
SEEN_UNTIL ?=
ALL ?=
FILE ?=
OPTIONAL ?=

venv := .venv
bin := $(venv)/bin
real := $(or $(PORTALS),$(wildcard data/warc))
settings := $(if $(real),crawler.settings,tests.portals.settings)
scrapy := SCRAPY_SETTINGS_MODULE=$(settings) $(bin)/scrapy
as_of = $(or $(AS_OF),$(if $(real),$(shell TZ=Asia/Shanghai date +%F),2026-02-03))
audit = $(scrapy) audit --as-of $(as_of) $(if $(SEEN_UNTIL),--seen-until $(SEEN_UNTIL))
# A verdict (10 to 23) is not a failure: it is printed, and the next stage runs. A crash or a refusal stops.
verdict = code=$$?; echo "$(1): 退出码 exit code $$code" >&2; [ $$code -eq 0 ] || [ $$code -ge 10 -a $$code -le 23 ]

.PHONY: help setup setup-browser crawl tick rebuild audit report verify test check bench chaos guards lock

help: ## 列出这些命令 tell the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 15

setup: $(venv)/.runtime ## 建立 .venv make the environment (Python ≥ 3.11)

setup-browser: setup ## 浏览器：怎样安装、能否启动 the browser for portals that ask for one: how to get it, does it start
	@$(bin)/python -m tools.setup_browser

crawl: setup ## 采集、重建、核查 crawl, rebuild, audit; without PORTALS=a,b on the sample portals [YEARS=2019-2025 FULL=1]
ifeq ($(PORTALS),)
	@$(bin)/python -m tests.portals.rehearse
else
	@$(scrapy) crawl portal -a portals=$(PORTALS) $(if $(YEARS),-a years=$(YEARS)) $(if $(FULL),-a full=1); $(call verdict,crawl)
	@$(scrapy) rebuild; $(call verdict,rebuild)
	@$(audit); $(call verdict,audit)
endif

# Always on the real data, also before the first crawl of it.
own := SCRAPY_SETTINGS_MODULE=crawler.settings $(bin)/scrapy

tick: setup ## 到期的门户：采集、重建、核查、通知 what is due: crawl, rebuild, audit, notify; for cron or systemd (docs/systemd)
	@$(own) tick $(if $(AS_OF),--as-of $(AS_OF))

rebuild: setup ## 由 WARC 重建目录库 archive → catalogue [ALL=1: from nothing]
	@$(scrapy) rebuild $(if $(ALL),--all); $(call verdict,rebuild)

audit: setup ## 缺失与逾期核查 who is missing, who is late [AS_OF=2026-02-03 SEEN_UNTIL=…]
	@$(audit); $(call verdict,audit)

report: setup ## 读一个本地文件 read one local file: make report FILE=x.html
	@[ -n "$(FILE)" ] || { echo "请给出文件 name a file: make report FILE=年报.html" >&2; exit 2; }
	@$(scrapy) report "$(FILE)"

verify: setup ## 校验存档 check digests, groups, index and manifest
	@$(scrapy) verify

test: $(venv)/.dev $(venv)-tools/.tools check ## 全部检查与测试 every check and test
	$(bin)/pytest -q -n auto --dist loadfile $(if $(OPTIONAL),--optional=$(OPTIONAL))

check: $(venv)/.dev ## 代码与门户文件检查 lint, types, portal files
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/scrapy portals --check

bench: $(venv)/.dev ## 测速 measure, on a machine with nothing else to do; docs/benchmarks.md tells what
	$(bin)/python -m tools.bench

chaos: $(venv)/.dev ## 随机杀死采集 kill crawls at random moments, from a printed seed
	$(bin)/python -m tools.chaos

guards: $(venv)/.dev ## 逐一关闭防护 switch each guard off and see its test fail
	$(bin)/python -m tools.guards

lock: ## 重新锁定依赖 lock the requirements again (needs uv)
	uv pip compile pyproject.toml $(lockflags) -o requirements/runtime.txt
	uv pip compile pyproject.toml --extra dev $(lockflags) -c requirements/runtime.txt -o requirements/dev.txt
	uv pip compile requirements/tools.in $(lockflags) -o requirements/tools.txt
lockflags := -c requirements/constraints.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -q

# Stamps: an environment is made again only when its lock changes. dev holds all of runtime.
$(venv)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新版本：make PYTHON=python3.12 … (Python 3.11 or newer is needed)" >&2; exit 2; }
	$(PYTHON) -m venv $(venv)

$(venv)/.runtime: requirements/runtime.txt | $(venv)/bin/python
	@[ -e $(venv)/.dev ] || $(bin)/pip install -q --require-hashes -r requirements/runtime.txt
	@touch $@

$(venv)/.dev: requirements/dev.txt | $(venv)/bin/python
	$(bin)/pip install -q --require-hashes -r requirements/dev.txt
	@touch $@ $(venv)/.runtime

$(venv)-tools/.tools: requirements/tools.txt
	$(PYTHON) -m venv $(venv)-tools
	$(venv)-tools/bin/pip install -q --require-hashes -r requirements/tools.txt
	@touch $@
