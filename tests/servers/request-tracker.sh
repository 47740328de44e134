#!/usr/bin/env bash
# A real Request Tracker 5, from Debian's packages, on loopback with a database of its own.
#
#   request-tracker.sh start    installs, fills and starts what is missing, and prints how to reach it as NAME=value
#   request-tracker.sh stop     stops what `start` has started
#   request-tracker.sh reset    puts everything back as it was filled
#   request-tracker.sh status   says whether it answers
#
# REQUEST_TRACKER_PORT (18461) is its port. Everything it writes is in REQUEST_TRACKER_DIR (target/stand-ins/request-tracker);
# only Debian's packages are installed beside, which takes root or a sudo that asks for no password. What it is filled with is
# in request-tracker/seed.pl. It sends no mail: what it would send is a file in its folder.
set -euo pipefail

port=${REQUEST_TRACKER_PORT:-18461}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=${REQUEST_TRACKER_DIR:-${CARGO_TARGET_DIR:-$root/target}/stand-ins/request-tracker}
url=http://127.0.0.1:$port
share=/usr/share/request-tracker5
# `msmtp-mta` is the mail program that the packages ask for and that has no service of its own.
packages=(request-tracker5 rt5-db-sqlite rt5-standalone msmtp-mta curl)

say() {
  echo "request-tracker.sh: $*" >&2
}

fail() {
  say "$*"
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

missing_packages() {
  local package
  for package in "${packages[@]}"; do
    dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2> /dev/null | grep -qx installed || echo "$package"
  done
}

install() {
  local missing
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} = 0 ] && return
  command -v apt-get > /dev/null || fail "these packages of Debian's are missing: ${missing[*]}"
  say "installing ${missing[*]}"
  {
    # The database is ours: the package shall set up none.
    printf 'request-tracker5 request-tracker5/%s\n' 'dbconfig-install boolean false' 'install-cronjobs boolean false' \
      "webbaseurl string $url" 'rtname string example.test' | as_root debconf-set-selections
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install --quiet --yes \
      --no-install-recommends "${missing[@]}"
  } > "$folder/install.log" 2>&1 9>&- || fail "they cannot be installed: $(tail -n 5 "$folder/install.log")"
}

configure() {
  mkdir -p "$folder"/{log,mason,session,var}
  cat > "$folder/RT_SiteConfig.pm" << PERL
\$RT::VarPath = '$folder/var';
\$RT::MasonDataDir = '$folder/mason';
\$RT::MasonSessionDir = '$folder/session';
Set(\$rtname, 'example.test');
Set(\$Organization, 'example.test');
Set(\$Timezone, 'UTC');
Set(\$WebDomain, '127.0.0.1');
Set(\$WebPort, $port);
Set(\$WebPath, '');
Set(\$DatabaseType, 'SQLite');
Set(\$DatabaseName, '$folder/database');
Set(\$DatabaseAdmin, '');
Set(\$DatabaseHost, '');
Set(\$DatabasePassword, '');
Set(\$DatabaseUser, '');
Set(\$CorrespondAddress, 'rt\@example.test');
Set(\$CommentAddress, 'rt-comment\@example.test');
Set(\$OwnerEmail, 'root\@example.test');
Set(\$MailCommand, 'mbox');
Set(\$LogToSyslog, undef);
Set(\$LogToSTDERR, 'warning');
1;
PERL
  export RT_SITE_CONFIG=$folder/RT_SiteConfig.pm RT_SITE_CONFIG_DIR=/dev/null TZ=UTC LANG=C.UTF-8
}

fill() {
  [ -s "$folder/filled" ] && [ "$folder/filled" -nt "$here/request-tracker/seed.pl" ] && return
  say "filling it"
  stop
  rm -f "$folder"/database*
  (umask 077 && head -c 18 /dev/urandom | base64 > "$folder/password")
  {
    rt-setup-database-5 --action init --skip-create --root-password-file "$folder/password" < /dev/null
    (umask 077 && perl -I"$share/lib" "$here/request-tracker/seed.pl" "$folder/tokens")
  } > "$folder/log/fill" 2>&1 9>&- || fail "it cannot be filled: $(tail -n 5 "$folder/log/fill")"
  # Whatever writes to it has ended: a copy is whole.
  cp "$folder/database" "$folder/filled.part"
  mv "$folder/filled.part" "$folder/filled"
}

is_ours() {
  [ -s "$folder/pid" ] && grep -qz rt-server "/proc/$(cat "$folder/pid")/cmdline" 2> /dev/null
}

answers() {
  local token
  token=$(sed -n 's/^REQUEST_TRACKER_TOKEN=//p' "$folder/tokens" 2> /dev/null)
  curl -fsS -o /dev/null --max-time 20 -H "Authorization: token $token" "$url/REST/2.0/rt" 2> /dev/null
}

serve() {
  if ! is_ours; then
    (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null && fail "port $port is taken: set REQUEST_TRACKER_PORT"
    (cd "$folder" && exec setsid "$share/libexec/rt-server" --server Starlet --host 127.0.0.1 --port "$port" --max-workers 4) \
      < /dev/null > "$folder/log/server" 2>&1 9>&- &
    echo $! > "$folder/pid"
    local tries
    for ((tries = 0; tries < 480; tries++)); do
      answers && break
      kill -0 "$(cat "$folder/pid")" 2> /dev/null || fail "it ended: $(tail -n 5 "$folder/log/server")"
      sleep 0.25
    done
  fi
  answers || fail "it does not answer on port $port: see $folder/log/server"
}

start() {
  install
  configure
  fill
  serve
  printf '%s\n' "REQUEST_TRACKER_URL=$url" REQUEST_TRACKER_QUEUE=Support
  cat "$folder/tokens"
}

stop() {
  local process tries
  if is_ours; then
    process=$(cat "$folder/pid")
    kill "$process"
    for ((tries = 0; tries < 80; tries++)); do
      kill -0 "$process" 2> /dev/null || break
      sleep 0.25
    done
    # It leads a group of its own: the processes that answer end with it.
    ! kill -0 "$process" 2> /dev/null || kill -KILL -- "-$process"
  fi
  rm -f "$folder/pid"
}

reset() {
  [ -s "$folder/filled" ] || fail 'it was not filled yet: start it'
  stop
  rm -f "$folder"/database*
  cp "$folder/filled" "$folder/database"
  start
}

status() {
  is_ours && answers || fail 'it does not answer'
  say "it answers at $url"
}

case ${1:-} in
  start | stop | reset | status)
    mkdir -p "$folder"
    chmod 700 "$folder"
    # Whoever comes second waits, and finds it started.
    exec 9> "$folder/lock"
    flock 9
    "$1"
    ;;
  *) sed -n '2,/^set -e/{/^#/s/^# \{0,1\}//p}' "$0" >&2 && exit 2 ;;
esac
