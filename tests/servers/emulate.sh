#!/usr/bin/env bash
# A GitHub and a Linear with state that nobody of this project wrote: the npm package `emulate`, on loopback.
#
#   emulate.sh start   installs it where it is missing, starts and fills it, and prints how to reach it as NAME=value
#   emulate.sh stop    stops what `start` has started
#
# EMULATE_PORT (18441) is GitHub's port, and Linear has the next. Everything it writes is in EMULATE_DIR
# (target/stand-ins). What it gets wrong as of 0.12.2: GitHub takes an unknown token for the administrator's and has no
# ETags; Linear's filters know few fields, and a wrong token is answered with 400.
set -euo pipefail

version=0.12.2
# `emulate` needs a Node.js that many systems do not have yet; npm has one of its own.
node_version=22.23.3
port=${EMULATE_PORT:-18441}
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=${EMULATE_DIR:-${CARGO_TARGET_DIR:-$root/target}/stand-ins}
package=$folder/emulate-$version
github=http://127.0.0.1:$port
linear=http://127.0.0.1:$((port + 1))

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
linear:
  baseUrl: $linear
  organization: { name: Acme, url_key: acme }
  users: [{ email: admin@example.test, name: Admin User, admin: true }]
  teams:
    - key: ENG
      name: Engineering
      states: [{ name: Backlog, type: backlog }, { name: Todo, type: unstarted }, { name: In Progress, type: started },
        { name: Done, type: completed }, { name: Canceled, type: canceled }]
  labels: [{ name: Bug, color: "#d92d20", team: ENG }, { name: Feature, color: "#2563eb", team: ENG }]
  tokens: [{ token: lin_admin, user: admin@example.test, scopes: [read, write, "issues:create", "comments:create", admin] }]
YAML
}

is_ours() {
  [ -s "$folder/pid" ] && grep -qz "$package" "/proc/$(cat "$folder/pid")/cmdline" 2> /dev/null
}

answers() {
  curl -fsS -o /dev/null -H 'Authorization: Bearer gh_admin' "$github/user" 2> /dev/null &&
    curl -fsS -o /dev/null -H 'Authorization: lin_admin' -H 'Content-Type: application/json' \
      -d '{"query":"{ viewer { id } }"}' "$linear/graphql" 2> /dev/null
}

start() {
  mkdir -p "$folder"
  install
  if ! is_ours; then
    seed > "$folder/seed.yaml"
    setsid "$package"/node_modules/node-linux-*/bin/node "$package/node_modules/emulate/dist/index.js" start \
      --host 127.0.0.1 --port "$port" --service github,linear --seed "$folder/seed.yaml" \
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
  printf '%s\n' "EMULATE_GITHUB_URL=$github" EMULATE_GITHUB_TOKEN=gh_admin EMULATE_GITHUB_REPOSITORY=acme/tracker \
    "EMULATE_LINEAR_URL=$linear/graphql" EMULATE_LINEAR_TOKEN=lin_admin EMULATE_LINEAR_TEAM=ENG
}

stop() {
  is_ours && kill "$(cat "$folder/pid")"
  rm -f "$folder/pid"
}

case ${1:-} in
  start | stop) "$1" ;;
  *) sed -n '2,/^set -e/{/^#/s/^# \{0,1\}//p}' "$0" >&2 && exit 2 ;;
esac
