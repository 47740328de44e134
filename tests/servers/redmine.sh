#!/usr/bin/env bash
# A Redmine that nobody of this project wrote: Debian's package `redmine`, with SQLite, on loopback.
#
#   redmine.sh start    installs and seeds it where that was not done, starts it, and prints how to reach it as NAME=value
#   redmine.sh stop     stops what `start` has started
#   redmine.sh reset    puts back what was seeded, and starts it anew where it ran
#   redmine.sh status   says whether it answers
#
# REDMINE_PORT (18451) is its port. Everything it writes is in REDMINE_DIR (target/stand-ins/redmine). Root, or sudo without
# a password, is needed to install the packages, and for nothing else.
set -euo pipefail

port=${REDMINE_PORT:-18451}
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(realpath -m "${REDMINE_DIR:-${CARGO_TARGET_DIR:-$root/target}/stand-ins/redmine}")
seed=$root/tests/servers/redmine.rb
application=/usr/share/redmine
url=http://127.0.0.1:$port
packages=(redmine redmine-sqlite puma sqlite3 curl)

say() {
  echo "redmine.sh: $*" >&2
}

fail() {
  say "$*"
  exit 1
}

# Calls that come at once, such as those of several tests, take their turns.
in_turn() {
  mkdir -p "$folder"
  exec 9> "$folder/lock"
  flock 9
}

# --- Packages

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" = installed ]
}

install() {
  local package missing=() sudo=()
  command -v dpkg-query > /dev/null || fail 'this needs Debian: dpkg is missing'
  for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  [ "$(id -u)" = 0 ] || sudo=(sudo -n)
  say "installing ${missing[*]}"
  {
    # The instance is ours, in our folder: the package shall make none.
    echo 'redmine redmine/instances/default/dbconfig-install boolean false' | "${sudo[@]}" debconf-set-selections &&
      "${sudo[@]}" apt-get update -qq &&
      "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -qq -y \
        --no-install-recommends "${missing[@]}"
  } > "$folder/install.log" 2>&1 9>&- || fail "the packages cannot be installed: $(tail -n 3 "$folder/install.log")"
}

# --- The instance

# Debian's Redmine looks for an instance below its own folder: from there the way leads up to the root, and down to ours.
in_instance() {
  (
    cd "$application"
    export RAILS_ENV=production REDMINE_LANG=en TZ=UTC LANG=C.UTF-8 SCHEMA=/dev/null
    export REDMINE_INSTANCE=../../../../../../../..$folder
    export BUNDLE_GEMFILE=$folder/Gemfile BUNDLE_APP_CONFIG=$folder/bundle BUNDLE_FROZEN=false BUNDLE_SILENCE_ROOT_WARNING=1
    exec "$@"
  )
}

prepare() {
  mkdir -p "$folder"/{config,log,files,tmp/cache,public/plugin_assets,bundle}
  chmod 700 "$folder"
  [ -s "$folder/config/secret_key.txt" ] || od -An -N 32 -tx1 /dev/urandom | tr -d ' \n' > "$folder/config/secret_key.txt"
  printf 'production:\n  adapter: sqlite3\n  database: %s\n  timeout: 10000\n' "$folder/redmine.sqlite3" \
    > "$folder/config/database.yml"
  # The package leaves the database's driver and the web server to whoever runs it.
  printf '%s\n' "eval_gemfile '$application/Gemfile'" \
    "gem 'sqlite3', '~> 1.4.0' unless @dependencies.any? { |it| it.name == 'sqlite3' }" "gem 'puma'" > "$folder/Gemfile"
  # Mails are not sent, and are not written beside the answers: SQLite has one who writes.
  printf '%s\n' "require '$application/config/environment'" 'ActiveJob::Base.queue_adapter = :inline' \
    'ActionMailer::Base.perform_deliveries = false' 'run Rails.application' > "$folder/config.ru"
  [ -s "$folder/Gemfile.lock" ] || in_instance bundle install --local --quiet > "$folder/log/bundle.log" 2>&1 9>&- ||
    fail "the libraries do not fit together: $(tail -n 5 "$folder/log/bundle.log")"
}

fill() {
  [ -s "$folder/seeded/redmine.sqlite3" ] && [ "$folder/seeded/redmine.sqlite3" -nt "$seed" ] && return
  say 'making and filling the database'
  halt
  rm -rf "$folder"/redmine.sqlite3* "$folder/files" "$folder/seeded"
  mkdir -p "$folder/files" "$folder/seeding"
  # Three starts of Rails: in one, the later steps would see the tables as they were before the first.
  {
    in_instance bundle exec rake db:migrate &&
      in_instance bundle exec rake redmine:load_default_data &&
      in_instance bundle exec rails runner "$seed" "$folder/keys"
  } > "$folder/log/seed.log" 2>&1 9>&- || fail "it cannot be filled: $(grep -v '^ *from ' "$folder/log/seed.log" | tail -n 5)"
  sqlite3 "$folder/redmine.sqlite3" ".backup '$folder/seeding/redmine.sqlite3'"
  cp -a "$folder/files" "$folder/seeding/files"
  mv "$folder/seeding" "$folder/seeded"
}

restore() {
  rm -rf "$folder"/redmine.sqlite3* "$folder/files"
  cp "$folder/seeded/redmine.sqlite3" "$folder/redmine.sqlite3"
  cp -a "$folder/seeded/files" "$folder/files"
}

# --- The server

is_ours() {
  [ -s "$folder/pid" ] && grep -qz puma "/proc/$(cat "$folder/pid")/cmdline" 2> /dev/null
}

answers() {
  curl -fsS -o /dev/null --max-time 10 "$url/issues.json?limit=1" \
    -H "X-Redmine-API-Key: $(sed -n 's/^REDMINE_ADMIN_KEY=//p' "$folder/keys")" 2> /dev/null
}

serve() {
  is_ours && answers && return
  is_ours && fail "it runs and does not answer on port $port: stop it first"
  (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null && fail "port $port is taken: set REDMINE_PORT"
  rm -f "$folder/pid"
  # One thread: SQLite ends one of two transactions that begin with a read and go on to write, and Redmine then answers 500.
  # It writes its number down itself: what the shell knows is the number of the shell around it.
  # shellcheck disable=SC2016
  in_instance sh -c 'echo $$ > "$0"; exec setsid "$@"' "$folder/pid" bundle exec puma --environment production \
    --bind "tcp://127.0.0.1:$port" --threads 1:1 --dir "$application" "$folder/config.ru" \
    < /dev/null > "$folder/log/server.log" 2>&1 9>&- &
  local tries
  for ((tries = 0; tries < 480; tries++)); do
    answers && return
    [ ! -s "$folder/pid" ] || kill -0 "$(cat "$folder/pid")" 2> /dev/null ||
      fail "it ended: $(tail -n 5 "$folder/log/server.log")"
    sleep 0.25
  done
  fail "it does not answer on port $port: see $folder/log/server.log"
}

halt() {
  local tries
  if is_ours; then
    kill "$(cat "$folder/pid")"
    for ((tries = 0; tries < 80; tries++)); do
      is_ours || break
      sleep 0.25
    done
    # It waits for requests that are under way, also for one that nobody ends.
    ! is_ours || kill -KILL "$(cat "$folder/pid")"
  fi
  rm -f "$folder/pid"
}

tell() {
  printf '%s\n' "REDMINE_SERVER=$url" "$(cat "$folder/keys")" REDMINE_PROJECT=alpha
}

case ${1:-} in
  start)
    in_turn
    install
    prepare
    fill
    serve
    tell
    ;;
  stop)
    in_turn
    halt
    ;;
  reset)
    in_turn
    [ -d "$folder/seeded" ] || fail 'nothing was seeded yet: start it'
    ran=$(is_ours && echo yes || echo no)
    halt
    restore
    [ "$ran" = no ] || serve
    tell
    ;;
  status)
    is_ours && answers || fail "nothing of ours answers on $url"
    say "it answers on $url"
    ;;
  *) sed -n '2,/^set -e/{/^#/s/^# \{0,1\}//p}' "$0" >&2 && exit 2 ;;
esac
