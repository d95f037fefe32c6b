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

# install WHAT PACKAGE...: by apt, where it is there. That it fails is seen by what is missing then.
install() {
    command -v apt-get >/dev/null || return 0
    say "installing $1"
    shift
    local sudo=''
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -q >/dev/null || true
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" \
        >/dev/null || true
}

# lacks WHAT TESTS: skipped, but a failure with CI=true.
lacks() {
    if [ "${CI:-}" = true ]; then
        echo "$1 is not there and could not be installed: $2 cannot run" >&2
        exit 1
    fi
    echo "$1 is not there and could not be installed: $2 are skipped" >&2
}

find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }
find_mariadbd() { command -v mariadbd || ls /usr/sbin/mariadbd /usr/libexec/mariadbd 2>/dev/null | head -n 1 || true; }
find_faketime() { ls /usr/lib/*/faketime/libfaketimeMT.so.1 2>/dev/null | head -n 1 || true; }

[ -n "$(find_chromium)" ] || install "Chromium, which draws the HTML reports" chromium fonts-noto-cjk
[ -n "$(find_chromium)" ] || lacks Chromium "the HTML tests"
[ -n "$(find_mariadbd)" ] || install "MariaDB, which the database tests start for themselves" mariadb-server mariadb-client
[ -n "$(find_mariadbd)" ] || lacks MariaDB "the database tests"
command -v docker-compose >/dev/null || install "docker-compose, which reads the compose files that render writes" docker-compose
command -v systemd-analyze >/dev/null || install "systemd, whose systemd-analyze verifies the units of schedule" systemd
[ -x /usr/bin/crontab ] || install "cron, whose crontab reads the line of schedule" cron
[ -n "$(find_faketime)" ] || install "faketime, which sets the clock of a check" faketime
export WECUBECTL_TEST_FAKETIME
WECUBECTL_TEST_FAKETIME=$(find_faketime)
export WECUBECTL_TEST_MARIADBD
WECUBECTL_TEST_MARIADBD=$(find_mariadbd)
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
