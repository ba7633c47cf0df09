#!/usr/bin/env bash
# The entrypoint of an image that pglab built. Written to the official image's documented contract:
# the same environment, the same phases, the same words where people look for them.
set -Eeuo pipefail
shopt -s nullglob

die() {
  printf '%s\n' "$@" >&2
  exit 1
}

# NAME or NAME_FILE, else a default; both is a mistake worth stopping for.
setting() {
  local name=$1 default=${2:-} file=${1}_FILE
  if [[ -n ${!name:-} && -n ${!file:-} ]]; then
    die "error: both $name and $file are set (but are exclusive)"
  fi
  if [[ -n ${!file:-} ]]; then
    printf -v "$name" '%s' "$(<"${!file}")"
  else
    printf -v "$name" '%s' "${!name:-$default}"
  fi
  export "${name?}"
  unset "$file"
}

make_folders() {
  local me
  me=$(id -u)
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 00700 "$PGDATA" || true
  chmod 03777 /var/run/postgresql || true
  if [[ -n ${POSTGRES_INITDB_WALDIR:-} ]]; then
    mkdir -p "$POSTGRES_INITDB_WALDIR"
    chmod 700 "$POSTGRES_INITDB_WALDIR"
  fi
  if [[ $me = 0 ]]; then
    find "$PGDATA" /var/run/postgresql ${POSTGRES_INITDB_WALDIR:+"$POSTGRES_INITDB_WALDIR"} \
      \! -user postgres -exec chown postgres '{}' +
  fi
}

check_password() {
  if [[ -z $POSTGRES_PASSWORD && $POSTGRES_HOST_AUTH_METHOD != trust ]]; then
    die 'Error: Database is uninitialized and superuser password is not specified.' \
      '       You must specify POSTGRES_PASSWORD to a non-empty value for the' \
      '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".' \
      '' \
      '       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all' \
      '       connections without a password. This is *not* recommended.'
  fi
  if [[ $POSTGRES_HOST_AUTH_METHOD = trust ]]; then
    printf '%s\n' 'WARNING: POSTGRES_HOST_AUTH_METHOD is "trust": anyone who reaches the port is let in.' >&2
  fi
}

# From 18 on the data lies in /var/lib/postgresql/MAJOR/docker. A mount or data at the old place
# would be left aside in silence, so it is refused aloud.
check_old_places() {
  [[ $PG_MAJOR -ge 18 && $PGDATA = "/var/lib/postgresql/$PG_MAJOR/docker" ]] || return 0
  local old=() place
  for place in /var/lib/postgresql /var/lib/postgresql/data; do
    [[ ! -s $place/PG_VERSION ]] || old+=("$place")
  done
  if [[ ${#old[@]} = 0 ]] && grep -q ' /var/lib/postgresql/data ' /proc/self/mountinfo; then
    old+=('/var/lib/postgresql/data (unused mount/volume)')
  fi
  [[ ${#old[@]} = 0 ]] || die \
    'Error: in 18+, these Docker images are configured to store database data in a' \
    '       format which is compatible with "pg_ctlcluster" (specifically, using' \
    '       major-version-specific directory names).' \
    '' \
    '       There appears to be PostgreSQL data, or a mount, in:' \
    "         ${old[*]}" \
    '' \
    '       Mount the volume at /var/lib/postgresql instead.'
}

create_cluster() {
  local arguments=(--username="$POSTGRES_USER")
  if [[ -n ${POSTGRES_INITDB_WALDIR:-} ]]; then
    arguments+=(--waldir="$POSTGRES_INITDB_WALDIR")
  fi
  # POSTGRES_INITDB_ARGS is one shell-quoted string, as in the official image. The password goes in
  # through a pipe that lives as long as this one command.
  eval 'initdb "${arguments[@]}" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"$POSTGRES_INITDB_ARGS"' "$PGDATA"'
  local method=$POSTGRES_HOST_AUTH_METHOD
  [[ -n $method ]] || method=$(postgres -C password_encryption "${@:2}")
  printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
}

sql() {
  PGHOST='' PGHOSTADDR='' psql -v ON_ERROR_STOP=1 --no-psqlrc --no-password \
    --username "$POSTGRES_USER" "$@"
}

create_database() {
  [[ $POSTGRES_DB != postgres ]] || return 0
  local found
  found=$(sql --dbname postgres --tuples-only --set db="$POSTGRES_DB" \
    <<<"select 1 from pg_database where datname = :'db'")
  [[ -n $found ]] || sql --dbname postgres --set db="$POSTGRES_DB" <<<'create database :"db"'
}

run_init_files() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    printf '%s: running %s\n' "$0" "$file"
    case $file in
      *.sh) if [[ -x $file ]]; then "$file"; else . "$file"; fi ;;
      *.sql) sql --dbname "$POSTGRES_DB" -f "$file" ;;
      *.sql.gz) gunzip -c "$file" | sql --dbname "$POSTGRES_DB" ;;
      *.sql.xz) xzcat "$file" | sql --dbname "$POSTGRES_DB" ;;
      *.sql.zst) zstd -dc "$file" | sql --dbname "$POSTGRES_DB" ;;
      *) printf '%s: ignoring %s\n' "$0" "$file" ;;
    esac
  done
}

initialise() {
  check_password
  check_old_places
  create_cluster "$@"
  # The temporary server: only a socket, so that nobody outside takes it for the real one.
  PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -w start \
    -o "$(printf '%q ' "${@:2}" -c listen_addresses='' -p 5432)"
  create_database
  run_init_files
  PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -m fast -w stop
  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

wants_help() {
  local argument
  for argument; do
    case $argument in -'?' | --help | --describe-config | -V | --version) return 0 ;; esac
  done
  return 1
}

main() {
  [[ ${1:-} != -* ]] || set -- postgres "$@"
  if [[ ${1:-} = postgres ]] && ! wants_help "$@"; then
    make_folders
    if [[ $(id -u) = 0 ]]; then
      exec setpriv --reuid=postgres --regid=postgres --init-groups "$BASH_SOURCE" "$@"
    fi
    if [[ -s $PGDATA/PG_VERSION ]]; then
      printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
    else
      setting POSTGRES_PASSWORD
      setting POSTGRES_USER postgres
      setting POSTGRES_DB "$POSTGRES_USER"
      setting POSTGRES_INITDB_ARGS
      : "${POSTGRES_HOST_AUTH_METHOD:=}"
      initialise "$@"
      unset PGPASSWORD
    fi
  fi
  exec "$@"
}

main "$@"
