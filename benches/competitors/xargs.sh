# xargs -P: one curl and one jq for each registration, as a loop of shell commands would do it; level by
# level. The reads are kinder than such a loop: one curl for fifty of them.

read_all() { xargs -P "$PARALLEL" -n 50 sh -c 'curl -H @token "$@" >"answers/$$"' sh; }

register_all() {
    xargs -P "$PARALLEL" -I ID sh -c \
        'curl -H @token -d "" "$API/packages/register/ID" | jq -e ".status == \"OK\"" >/dev/null'
}

look_all() {
    xargs -P "$PARALLEL" -n 50 sh -c \
        'curl -I -w "%{stderr}%{http_code} %{content_type}\n" "$@" >/dev/null 2>"looked-$$"' sh
    cat looked-*
}

. "$(dirname "$0")/job.sh"
