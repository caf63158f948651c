#!/usr/bin/env bash
# Makes what is handed out, in dist/: scripts/release.sh [TARGET]
#
#   fmnist-tui-VERSION-TARGET.tar.gz  the stripped program, completions, manual pages, LICENSE, THIRD-PARTY
#   sbom.cdx.json                     what it is made of (CycloneDX)
#   SHA256SUMS                        of the two
#
# Without TARGET it is x86_64-unknown-linux-musl: one static program for every Linux. Needs rustup or the target's
# standard library, a C compiler for it, and Python 3.11.
set -euo pipefail
cd "$(dirname "$0")/.."
target="${1:-x86_64-unknown-linux-musl}"
aim=$((15 * 1000 * 1000))

if command -v rustup >/dev/null; then
    rustup target add "$target"
fi
# The C in it needs no libc: where there is no compiler for musl, the system's serves.
if [[ "$target" == *-linux-musl ]] && ! command -v musl-gcc >/dev/null; then
    export "CC_${target//-/_}=${CC:-cc}"
fi
# What is handed out may take longer to build: code that several crates share is then there once.
export CARGO_PROFILE_RELEASE_STRIP=symbols CARGO_PROFILE_RELEASE_DEBUG=0
export CARGO_PROFILE_RELEASE_LTO=fat CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1
cargo build --release --locked --bin fmnist-tui --target "$target"
built="${CARGO_TARGET_DIR:-target}/$target/release/fmnist-tui"
[ -e "$built" ] || built="$built.exe"

version="$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)"
name="fmnist-tui-$version-$target"
rm -rf dist
mkdir -p "dist/$name/completions"
cp "$built" LICENSE README.md "dist/$name/"
scripts/third-party.py "$target" "dist/$name"
mv "dist/$name/sbom.cdx.json" dist/

# The program itself writes them: where it cannot run, one that is built for this machine does.
writer="$built"
if ! "$writer" --version >/dev/null 2>&1; then
    cargo build --release --locked --bin fmnist-tui
    writer="${CARGO_TARGET_DIR:-target}/release/fmnist-tui"
fi
"$writer" man --out "dist/$name/man"
for shell in bash zsh fish powershell elvish; do
    "$writer" completions "$shell" > "dist/$name/completions/fmnist-tui.$shell"
done

bytes="$(wc -c < "$built")"
echo "the program has $bytes bytes"
if [ "$bytes" -gt "$aim" ]; then
    echo "note: that is more than the $aim bytes aimed at" >&2
fi
# The same files give the same archive.
tar -C dist --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - "$name" | gzip -9n > "dist/$name.tar.gz"
rm -r "dist/$name"
(cd dist && sha256sum -- *.tar.gz sbom.cdx.json > SHA256SUMS && cat SHA256SUMS)
