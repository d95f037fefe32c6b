# What the shell competitors share. Each defines how it does many requests at once, then sources this:
#   read_all       reads the URLs of standard input, with the token, into files answers/*
#   register_all   registers the ids of standard input; fails unless the `status` of every answer is OK
#   look_all       asks for the URLs of standard input with HEAD and prints STATUS and TYPE of each
set -eu
here=$(dirname "$0")
export CURL_HOME="$PWD" API="$CORE/platform/v1"
printf 'silent\nnoproxy = "*"\n' >.curlrc

(umask 077 && /usr/bin/python3 "$here/job.py" "$SEED_FILE" >token)

read_lists() {
    curl -H @token "$API/packages?all=yes" -o "packages-$1.json"
    curl -H @token "$API/resource-files" -o "files-$1.json"
    jq -e '.status == "OK"' "packages-$1.json" "files-$1.json" >/dev/null
}

read_lists before
mkdir answers
jq -r --arg api "$API" '.data[] | "\($api)/packages/\(.id | @uri)/dependencies"' packages-before.json | read_all
jq -n '[inputs | .data]' answers/* >dependencies.json
# Each line has the ids of a level.
jq -r --slurpfile dependencies dependencies.json -f "$here/levels.jq" packages-before.json >levels
while read -r ids; do
    echo "$ids" | tr ' ' '\n' | register_all
done <levels

read_lists after
jq -r --slurpfile before files-before.json --slurpfile packages packages-after.json --arg portal "$PORTAL" \
    -f "$here/changed_files.jq" files-after.json >pages
look_all <pages >looked
test "$(grep -cE '^200 (application/javascript|text/css)' looked)" = "$(wc -l <pages)"
