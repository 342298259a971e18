#!/bin/sh
# Makes every certificate in this folder anew. Wants OpenSSL 3.
set -eu
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT
long=21251231235959Z
names="IP:127.0.0.1,DNS:localhost,DNS:secure.test,DNS:www.secure.test,DNS:old.test,DNS:new.test"

: > "$scratch/index"
cat > "$scratch/ca.conf" <<CONF
[ca]
default_ca = this
[this]
database = $scratch/index
new_certs_dir = $scratch
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
CONF

curve="-algorithm EC -pkeyopt ec_paramgen_curve:P-256"
openssl genpkey $curve -out "$scratch/authority.key"
openssl genpkey $curve -out key.pem
openssl req -new -key "$scratch/authority.key" -subj "/CN=Authority of tests" -out "$scratch/a.csr"
openssl req -new -key key.pem -subj "/CN=A server of tests" -out "$scratch/s.csr"

sign() { # file, first day, last day, extensions..., options of openssl ca
    out=$1 from=$2 until=$3 extensions=$4
    shift 4
    printf '%b' "$extensions" > "$scratch/extensions"
    openssl ca -batch -notext -config "$scratch/ca.conf" -extfile "$scratch/extensions" \
        -startdate "$from" -enddate "$until" -out "$out" "$@" 2> "$scratch/log" ||
        { cat "$scratch/log"; exit 1; }
}

root="basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"
leaf="basicConstraints=CA:false\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
by="-cert authority.pem -keyfile $scratch/authority.key -in $scratch/s.csr"

sign authority.pem 20200101000000Z $long "$root" \
    -selfsign -keyfile "$scratch/authority.key" -in "$scratch/a.csr"
sign good.pem 20200101000000Z $long "${leaf}subjectAltName=$names" $by
sign expired.pem 20200101000000Z 20200131000000Z "${leaf}subjectAltName=$names" $by
sign future.pem 21200101000000Z $long "${leaf}subjectAltName=$names" $by
sign wrong-name.pem 20200101000000Z $long "${leaf}subjectAltName=DNS:other.test" $by
sign self-signed.pem 20200101000000Z $long \
    "basicConstraints=CA:false\nsubjectKeyIdentifier=hash\nsubjectAltName=$names" \
    -selfsign -keyfile key.pem -in "$scratch/s.csr"
