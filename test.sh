#!/usr/bin/env bash
# Installs what the tests need and runs all of them: format, lints, tests, doc tests, docs.
#
#   ./test.sh
#
# Needs a Rust toolchain and Debian's apt (or Chromium already there). With CI=true a test that
# would be skipped is a failure. Nothing is sent but to loopback.
set -euo pipefail
cd "$(dirname "$0")"

say() { printf '\n== %s\n' "$*"; }

find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }

if [ -z "$(find_chromium)" ] && command -v apt-get >/dev/null; then
    say "installing Chromium, which draws the HTML reports"
    sudo=''
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -q >/dev/null || true
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        chromium fonts-noto-cjk >/dev/null || true
fi
if [ -z "$(find_chromium)" ]; then
    if [ "${CI:-}" = true ]; then
        echo "Chromium is not there and could not be installed: the HTML tests cannot run" >&2
        exit 1
    fi
    echo "Chromium is not there and could not be installed: the HTML tests are skipped" >&2
fi

find_mariadbd() { command -v mariadbd || ls /usr/sbin/mariadbd /usr/libexec/mariadbd 2>/dev/null | head -n 1 || true; }

if [ -z "$(find_mariadbd)" ] && command -v apt-get >/dev/null; then
    say "installing MariaDB, which the database tests start for themselves"
    sudo=''
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -q >/dev/null || true
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        mariadb-server mariadb-client >/dev/null || true
fi
if [ -z "$(find_mariadbd)" ]; then
    if [ "${CI:-}" = true ]; then
        echo "MariaDB is not there and could not be installed: the database tests cannot run" >&2
        exit 1
    fi
    echo "MariaDB is not there and could not be installed: the database tests are skipped" >&2
fi
if ! command -v docker-compose >/dev/null && command -v apt-get >/dev/null; then
    say "installing docker-compose, which reads the compose files that render writes"
    sudo=''
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -q >/dev/null || true
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        docker-compose >/dev/null || true
fi
export WECUBECTL_TEST_MARIADBD
WECUBECTL_TEST_MARIADBD=$(find_mariadbd)
if ! command -v systemd-analyze >/dev/null && command -v apt-get >/dev/null; then
    say "installing systemd, whose systemd-analyze verifies the units of schedule"
    sudo=''
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends systemd \
        >/dev/null || true
fi
export WECUBECTL_TEST_CHROMIUM
WECUBECTL_TEST_CHROMIUM=$(find_chromium)
export INSTA_UPDATE=no

say "format"
cargo fmt --check

say "lints"
cargo clippy --all-targets -- -D warnings
cargo clippy --lib --bins --no-default-features -- -D warnings

say "tests"
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run
else
    cargo test --all-targets
fi
cargo test --doc

say "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items

if cargo deny --version >/dev/null 2>&1; then
    say "licences, bans, sources"
    cargo deny check bans licenses sources
fi

say "all passed"
