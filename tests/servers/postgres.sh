#!/bin/sh
# postgres.sh PROGRAMS FOLDER [PORT CERTIFICATE KEY]: PostgreSQL, whose programs lie in PROGRAMS, with an empty database in
# FOLDER, until standard input closes.
#
# It listens on a socket in FOLDER, and with a port on 127.0.0.1 too, where it demands TLS. The superuser is `authwire`, with
# the password in FOLDER/password. When it is ready it prints one line of JSON.
set -eu
bin=$1 folder=$2 port=${3:-5432} certificate=${4:-} key=${5:-}
as=
if [ "$(id -u)" = 0 ]; then
  # PostgreSQL does not run as root
  chown -R postgres "$folder"
  as='setpriv --reuid=postgres --regid=postgres --clear-groups'
fi
data=$folder/data
cd "$folder"
$as "$bin/initdb" --pgdata="$data" --username=authwire --pwfile="$folder/password" --auth=scram-sha-256 \
  --encoding=UTF8 --locale=C --no-sync >&2
set -- -D "$data" -p "$port" -c "unix_socket_directories=$folder" -c fsync=off
if [ -n "$certificate" ]; then
  for file in certificate key; do
    eval "from=\$$file"
    cp "$from" "$folder/$file.pem"
    chmod 600 "$folder/$file.pem"
    [ -z "$as" ] || chown postgres "$folder/$file.pem"
  done
  set -- "$@" -c listen_addresses=127.0.0.1 -c ssl=on -c "ssl_cert_file=$folder/certificate.pem" \
    -c "ssl_key_file=$folder/key.pem"
  printf 'local all all scram-sha-256\nhostssl all all 127.0.0.1/32 scram-sha-256\n' >"$data/pg_hba.conf"
else
  set -- "$@" -c listen_addresses=
fi
$as "$bin/postgres" "$@" </dev/null >&2 &
server=$!
trap 'kill -INT "$server" 2>/dev/null || true' EXIT
# a line of the lock file tells what it is doing, the last since version 10
until grep -qs '^ready' "$data/postmaster.pid"; do
  kill -0 "$server" || exit 1
  sleep 0.05
done
printf '{"base_url": "ready"}\n'
cat >/dev/null
kill -INT "$server"
wait "$server" || true
