#!/usr/bin/env bash
# Installs what the tests need and runs all checks: format, lints, tests, doc tests, documentation.
#
#   ./test.sh
#
# Needs a Rust toolchain, and Debian's apt to install the other programs. A test that needs a missing
# program is reported as skipped; with CI=true the missing program is an error. The tests send
# nothing beyond this machine.
set -euo pipefail
cd "$(dirname "$0")"

say() { printf '\n== %s\n' "$*"; }

# install PURPOSE PACKAGE...: with apt, if there is one. A failure shows later as a missing program.
install() {
    command -v apt-get >/dev/null || return 0
    say "installing $1"
    shift
    local sudo=''
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -q >/dev/null || true
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" \
        >/dev/null || true
    # The build script of the tests looks for the programs again.
    touch tests/needs.rs
}

# missing PROGRAM TESTS: a warning; an error with CI=true.
missing() {
    if [ "${CI:-}" = true ]; then
        echo "$1 is missing and could not be installed: cannot run $2" >&2
        exit 1
    fi
    echo "$1 is missing and could not be installed: $2 are skipped" >&2
}

find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }
find_mariadbd() { command -v mariadbd || ls /usr/sbin/mariadbd /usr/libexec/mariadbd 2>/dev/null | head -n 1 || true; }
find_faketime() { ls /usr/lib/*/faketime/libfaketimeMT.so.1 2>/dev/null | head -n 1 || true; }

[ -n "$(find_chromium)" ] || install "Chromium, for the HTML reports" chromium fonts-noto-cjk
[ -n "$(find_chromium)" ] || missing Chromium "the HTML tests"
[ -n "$(find_mariadbd)" ] || install "MariaDB, for the database tests" mariadb-server mariadb-client
[ -n "$(find_mariadbd)" ] || missing MariaDB "the database tests"
command -v docker-compose >/dev/null || install "docker-compose, which reads the rendered compose files" docker-compose
command -v systemd-analyze >/dev/null || install "systemd, which verifies the unit files of schedule" systemd
[ -x /usr/bin/crontab ] || install "cron, which reads the crontab line of schedule" cron
[ -x /usr/bin/promtool ] || install "promtool, which tests the alert rules" prometheus
[ -x /usr/bin/promtool ] || missing promtool "the tests of the alert rules"
[ -x /usr/bin/rpmbuild ] || install "rpm, which ./package needs" rpm
[ -n "$(find_faketime)" ] || install "faketime, which sets the clock of a check" faketime
export WECUBECTL_TEST_FAKETIME
WECUBECTL_TEST_FAKETIME=$(find_faketime)
export WECUBECTL_TEST_MARIADBD
WECUBECTL_TEST_MARIADBD=$(find_mariadbd)
export WECUBECTL_TEST_CHROMIUM
WECUBECTL_TEST_CHROMIUM=$(find_chromium)
if ! cargo deny --version >/dev/null 2>&1; then
    say "installing cargo-deny, which checks licences and sources of the dependencies"
    # Without optimisation: built in a minute or two instead of ten.
    cargo install cargo-deny --locked --debug --quiet || missing cargo-deny "licences and sources"
fi
if ! cargo cyclonedx --version >/dev/null 2>&1; then
    say "installing cargo-cyclonedx, with which ./package lists the dependencies"
    cargo install cargo-cyclonedx --version 0.5.9 --locked --debug --quiet || missing cargo-cyclonedx "the tests of packages"
    touch tests/needs.rs
fi
export INSTA_UPDATE=no

say "format"
cargo fmt --check
if git ls-files --cached --ignored --exclude-standard 2>/dev/null | grep .; then
    echo "these files are ignored and tracked" >&2
    exit 1
fi

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
