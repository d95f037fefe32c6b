# curl -Z: one process for all requests of a step, with connections that are kept alive; level by level.

# many OPTION...: the transfers of the curl configuration on standard input.
many() { curl -Z --parallel-immediate --parallel-max "$PARALLEL" -K - "$@" 2>curl-errors; }

read_all() { awk '{printf "url = \"%s\"\noutput = \"answers/%d\"\n", $0, NR}' | many -H @token; }

register_all() {
    rm -rf registered && mkdir registered
    awk -v api="$API" '{printf "url = \"%s/packages/register/%s\"\noutput = \"registered/%d\"\n", api, $0, NR}' |
        many -H @token -d ''
    jq -n -e 'all(inputs; .status == "OK")' registered/* >/dev/null
}

look_all() {
    awk '{printf "url = \"%s\"\noutput = \"/dev/null\"\n", $0}' |
        many -I -w '%{http_code} %{content_type}\n'
}

. "$(dirname "$0")/job.sh"
