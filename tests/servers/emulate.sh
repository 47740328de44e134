#!/usr/bin/env bash
# A GitHub with state that nobody of this project wrote: the npm package `emulate`, on loopback.
#
#   emulate.sh start   installs it where it is missing, starts and fills it, and prints how to reach it as NAME=value
#   emulate.sh stop    stops what `start` has started
#
# EMULATE_PORT (18441) is its port. Everything it writes is in EMULATE_DIR (target/stand-ins). What it gets wrong as of
# 0.12.2: it takes an unknown token for the administrator's, and has no ETags. It has a Linear as well, whose schema is too
# small for what Linear's own says: no `searchIssues`, no `includeArchived`, no filter of labels.
set -euo pipefail

version=0.12.2
# `emulate` needs a Node.js that many systems do not have yet; npm has one of its own.
node_version=22.23.3
port=${EMULATE_PORT:-18441}
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=${EMULATE_DIR:-${CARGO_TARGET_DIR:-$root/target}/stand-ins}
package=$folder/emulate-$version
github=http://127.0.0.1:$port

fail() {
  echo "emulate.sh: $*" >&2
  exit 1
}

install() {
  [ -f "$package/installed" ] && return
  command -v npm > /dev/null || fail 'npm is missing'
  mkdir -p "$package"
  local machine
  machine=$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
  printf '{"private":true,"dependencies":{"emulate":"%s","node-linux-%s":"%s"}}\n' "$version" "$machine" "$node_version" \
    > "$package/package.json"
  (cd "$package" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error) > "$folder/npm.log" 2>&1 ||
    fail "npm install failed: $(tail -n 5 "$folder/npm.log")"
  touch "$package/installed"
}

seed() {
  cat << YAML
tokens:
  gh_admin: { login: admin, scopes: [repo, user, "admin:org"] }
  gh_user: { login: octocat, scopes: [repo, user] }
github:
  baseUrl: $github
  users: [{ login: octocat, name: Octo Cat, email: octocat@example.test }]
  orgs: [{ login: acme, name: Acme, members: [{ login: admin, role: admin }, { login: octocat, role: member }] }]
  repos: [{ owner: acme, name: tracker, description: Test tracker, auto_init: true }]
YAML
}

is_ours() {
  [ -s "$folder/pid" ] && grep -qz "$package" "/proc/$(cat "$folder/pid")/cmdline" 2> /dev/null
}

answers() {
  curl -fsS -o /dev/null -H 'Authorization: Bearer gh_admin' "$github/user" 2> /dev/null
}

start() {
  mkdir -p "$folder"
  install
  if ! is_ours; then
    seed > "$folder/seed.yaml"
    setsid "$package"/node_modules/node-linux-*/bin/node "$package/node_modules/emulate/dist/index.js" start \
      --host 127.0.0.1 --port "$port" --service github --seed "$folder/seed.yaml" \
      < /dev/null > "$folder/log" 2>&1 &
    echo $! > "$folder/pid"
    local tries
    for ((tries = 0; tries < 240; tries++)); do
      answers && break
      kill -0 "$(cat "$folder/pid")" 2> /dev/null || fail "it ended: $(tail -n 5 "$folder/log")"
      sleep 0.25
    done
  fi
  answers || fail "it does not answer on port $port: see $folder/log"
  printf '%s\n' "EMULATE_GITHUB_URL=$github" EMULATE_GITHUB_TOKEN=gh_admin EMULATE_GITHUB_REPOSITORY=acme/tracker
}

stop() {
  is_ours && kill "$(cat "$folder/pid")"
  rm -f "$folder/pid"
}

case ${1:-} in
  start | stop) "$1" ;;
  *) sed -n '2,/^set -e/{/^#/s/^# \{0,1\}//p}' "$0" >&2 && exit 2 ;;
esac
