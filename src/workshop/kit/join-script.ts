/**
 * The shell script that a participant's pasted line fetches, and runs once its SHA-256 is the one in the line. It checks all
 * that it fetches in the same way, needs no root and no npm, and leaves what it installs below the user's home.
 */
import { createHash } from 'node:crypto';
import type { Kit, NodePackage } from './kit-list.ts';

/** It ends without a newline: `$(…)` in the line takes it away. `kit`: its list, checked. */
export function joinScript(kit: Kit): string {
  const parcel = kit.files.find(({ kind }) => kind === 'pglab');
  if (!parcel) return 'echo "This board has no kit." >&2; exit 1';
  const nodes = kit.files.filter((file): file is NodePackage => file.kind === 'node');
  const cases = nodes.map(
    ({ platform, name, sha256, bytes }) => `    ${platform}) file=${name} sum=${sha256} bytes=${bytes} ;;`,
  );
  return SCRIPT.replaceAll('PARCEL_NAME', parcel.name)
    .replace('PARCEL_SUM', parcel.sha256)
    .replace('VERSION', `${kit.pglab}-${parcel.sha256.slice(0, 12)}`)
    .replace('CASES', cases.join('\n') || '    none) ;;')
    .trim();
}

export function joinScriptDigest(kit: Kit): string {
  return createHash('sha256').update(joinScript(kit)).digest('hex');
}

const SCRIPT = `
# Installs pglab from the board at $1 below your home, and joins with the code $2.
set -eu
board=$1 code=$2
shift 2
say() { printf '%s\\n' "$*" >&2; }
fail() { say "$*"; exit 2; }
sum_of() { (sha256sum "$1" 2>/dev/null || shasum -a 256 "$1") | cut -c1-64; }

data=\${XDG_DATA_HOME:-$HOME/.local/share}/pglab-workshop
app=$data/VERSION
mkdir -p "$data"
aside=$(mktemp -d "$data/fetching.XXXXXX")
trap 'rm -rf "$aside"' EXIT

# fetch NAME SUM: to $aside/NAME; it goes on where it was cut off, and waits for its turn.
ticket=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \\n')
fetch() {
  url="http://$board/kit/$1?ticket=$ticket"
  tries=0
  until { command -v curl >/dev/null && curl -fsS --connect-timeout 5 --speed-time 20 --speed-limit 1 -C - -o "$aside/$1" "$url" 2>"$aside/why"; } ||
    { command -v curl >/dev/null || wget -q -c -T 20 -t 1 -O "$aside/$1" "$url" 2>"$aside/why"; }; do
    tries=$((tries + 1))
    [ "$tries" -lt 900 ] || fail "Could not fetch $1 from $board: $(cat "$aside/why")"
    [ "$tries" -ne 1 ] || say "Waiting for $1: it may be others' turn."
    sleep 1
  done
  [ "$(sum_of "$aside/$1")" = "$2" ] || fail "$1 from $board is not what your instructor gave out: nothing of it was run."
}

if [ ! -f "$app/dist/pglab.js" ]; then
  fetch PARCEL_NAME PARCEL_SUM
  tar -xzf "$aside/PARCEL_NAME" -C "$aside"
  rm -rf "$app"
  mv "$aside/package" "$app"
fi

# The Node that is here, if pglab runs on it; else the kit's.
is_fit='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)'
node=$(command -v node || true)
if [ -z "$node" ] || ! "$node" -e "$is_fit" 2>/dev/null; then
  os=$(uname -s | tr 'A-Z' 'a-z')
  case $(uname -m) in x86_64 | amd64) arch=x64 ;; aarch64 | arm64) arch=arm64 ;; *) arch=$(uname -m) ;; esac
  file=
  case $os-$arch in
CASES
  esac
  [ -n "$file" ] || fail "pglab needs Node 20.19, or 22.12 and later; the kit has none for $os-$arch."
  node=$data/$sum/bin/node
  if [ ! -x "$node" ]; then
    say "Fetching Node, $((bytes / 1000000)) MB."
    fetch "$file" "$sum"
    mkdir -p "$aside/node"
    tar -xzf "$aside/$file" -C "$aside/node"
    rm -rf "$data/$sum"
    mv "$aside/node"/* "$data/$sum"
  fi
  "$node" -e "$is_fit" 2>/dev/null || fail "The kit's Node does not run here (a system without glibc 2.28?): install Node, and paste the line again."
fi

# A pglab that is there and not ours stays.
bin=$HOME/.local/bin
call=$bin/pglab
mkdir -p "$bin"
if [ -e "$call" ] && ! grep -q pglab-workshop "$call" 2>/dev/null; then call=$data/pglab; fi
word() { printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\\\\\''/g")"; }
printf '#!/bin/sh\\n# pglab-workshop\\nexec %s %s "$@"\\n' "$(word "$node")" "$(word "$app/dist/pglab.js")" >"$aside/pglab"
chmod 755 "$aside/pglab"
mv "$aside/pglab" "$call"
rm -rf "$aside"
case :$PATH: in *:"$bin":*) ;; *) [ "$call" != "$bin/pglab" ] || say "For this shell: export PATH=\\"\\$HOME/.local/bin:\\$PATH\\"" ;; esac
[ "$call" = "$bin/pglab" ] || say "Another pglab is there and stays; the workshop's is $call"
exec "$call" workshop join "$board" "$code" "$@"
`;
