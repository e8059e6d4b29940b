#!/usr/bin/env bash
# Makes a certificate authority and certificates for trying TLS out: not for a real draw, because the
# key of the authority lies beside them, without a passphrase.
#
# usage: scripts/make-test-ca.sh DIR
#        scripts/make-test-ca.sh DIR --agency N[,N...] [--name NAME] [--days D] [--from DATE] [--to DATE]
#        scripts/make-test-ca.sh DIR --server HOST[,HOST...] [--name NAME] [--days D] [--from DATE] [--to DATE]
#        scripts/make-test-ca.sh DIR --revoke NAME
#   DIR alone    ca.pem and ca.key, server.pem and server.key for localhost, agency-1 to agency-5, and an
#                empty list of what is revoked, crl.pem
#   --agency     one more certificate, which speaks for these agencies (name: agency-N)
#   --server     one more certificate of a server with these names and addresses (name: server)
#   --name       of its files: NAME.pem and NAME.key
#   --days       how long it is valid (365)
#   --from, --to when it is valid, as YYYYMMDDHHMMSSZ, in place of --days
#   --revoke     puts NAME.pem on the list: crl.pem is written anew
set -euo pipefail

usage() { sed -n '2,17s/^# \{0,1\}//p' "$0"; }

fail() {
  echo "make-test-ca.sh: $*" >&2
  exit 2
}

case "${1:-}" in
  -h | --help)
    usage
    exit 0
    ;;
  "" | -*)
    usage >&2
    exit 2
    ;;
esac
dir=$1
shift
what=all
subjects=
name=
days=365
from=
to=
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || fail "$1 wants a value; see --help"
  case "$1" in
    --agency | --server | --revoke)
      what=${1#--}
      subjects=$2
      ;;
    --name) name=$2 ;;
    --days) days=$2 ;;
    --from) from=$2 ;;
    --to) to=$2 ;;
    *) fail "unknown argument '$1'; see --help" ;;
  esac
  shift 2
done

umask 077
mkdir -p "$dir/issued"
cd "$dir"

# What `openssl ca` keeps its books in.
cat > ca.cnf <<'END'
[ca]
default_ca = sorteo
[sorteo]
database = index.txt
rand_serial = yes
certificate = ca.pem
private_key = ca.key
new_certs_dir = issued
default_md = sha256
default_crl_days = 365
policy = anything
unique_subject = no
email_in_dn = no
[anything]
commonName = supplied
END

make_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2> openssl.log; }

run() {
  if ! "$@" > openssl.log 2>&1; then
    cat openssl.log >&2
    fail "openssl failed"
  fi
}

make_authority() {
  make_key ca
  touch index.txt
  run openssl req -x509 -new -key ca.key -days 3650 -subj "/CN=Sorteo test CA" -out ca.pem \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
  write_crl
}

write_crl() { run openssl ca -config ca.cnf -gencrl -out crl.pem; }

# sign NAME PURPOSE SUBJECT_ALTERNATIVE_NAMES
sign() {
  make_key "$1"
  run openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"
  printf 'basicConstraints = critical,CA:FALSE\nkeyUsage = critical,digitalSignature\nextendedKeyUsage = %s\n' \
    "$2" > "$1.ext"
  [ -z "$3" ] || echo "subjectAltName = $3" >> "$1.ext"
  local valid=(-days "$days")
  [ -z "$from" ] || valid=(-startdate "$from" -enddate "${to:?--from wants --to}")
  run openssl ca -batch -notext -config ca.cnf -in "$1.csr" -extfile "$1.ext" -out "$1.pem" "${valid[@]}"
  rm "$1.csr" "$1.ext"
}

make_agency() { # NAME AGENCIES
  local names=
  local agency
  for agency in ${2//,/ }; do
    names+=${names:+,}URI:urn:sorteo:agency:$agency
  done
  sign "$1" clientAuth "$names"
}

make_server() { # NAME HOSTS
  local names=
  local host
  for host in ${2//,/ }; do
    case "$host" in
      *:* | *[0-9].[0-9]*.[0-9]*.[0-9]*) names+=${names:+,}IP:$host ;;
      *) names+=${names:+,}DNS:$host ;;
    esac
  done
  sign "$1" serverAuth "$names"
}

case "$what" in
  all)
    [ ! -e ca.key ] || fail "$dir has an authority already"
    make_authority
    make_server server localhost,127.0.0.1,::1
    for agency in 1 2 3 4 5; do
      make_agency "agency-$agency" "$agency"
    done
    ;;
  agency) make_agency "${name:-agency-${subjects//,/-}}" "$subjects" ;;
  server) make_server "${name:-server}" "$subjects" ;;
  revoke)
    [ -e "$subjects.pem" ] || fail "there is no $dir/$subjects.pem"
    run openssl ca -config ca.cnf -revoke "$subjects.pem"
    write_crl
    ;;
esac
rm -f openssl.log
