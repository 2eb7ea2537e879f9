#!/bin/sh
# Makes a Swift 6 toolchain in a folder of one's own: scripts/swift-toolchain.sh DEST
#
# For Debian on amd64 (other systems: install Swift 6 and put it on the PATH). It takes Debian
# trixie's swiftlang with trixie's C library and makes both run from DEST, beside whatever C library
# this machine has: no root, container or mount. apt resolves and checks the packages against
# Debian's archive key, patchelf turns the tools to DEST's own loader and libraries, and a linker
# wrapper does the same for every program that they build. A complete DEST is left as it is; DEST
# cannot be moved. About 1.1 GB. The tools lie in DEST/usr/libexec/swift/bin.
set -eu

suite=trixie
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

main() {
    dest=${1:?usage: scripts/swift-toolchain.sh DEST}
    stamp=$dest/.complete-1
    if [ -e "$stamp" ]; then
        echo "swift toolchain: ready in $dest"
        return
    fi
    require_this_machine
    mkdir -p "$dest"
    dest=$(cd "$dest" && pwd)
    stamp=$dest/.complete-1
    find "$dest" -mindepth 1 -delete
    work=$(mktemp -d "${TMPDIR:-/tmp}/swift-toolchain.XXXXXX")
    trap 'rm -rf "$work"' EXIT

    swift=$dest/usr/libexec/swift
    libs=$dest/usr/lib/x86_64-linux-gnu
    loader=$dest/usr/lib64/ld-linux-x86-64.so.2

    download_packages
    unpack_packages
    turn_to_own_loader
    wrap_linker
    "$swift/bin/swiftc" --version 2>&1 | head -n 1
    : >"$stamp"
    echo "swift toolchain: made in $dest"
}

require_this_machine() {
    command -v dpkg >/dev/null && [ "$(dpkg --print-architecture)" = amd64 ] ||
        fail "only Debian on amd64; elsewhere install Swift 6 and put it on the PATH"
    for tool in apt-get dpkg-deb cc; do
        command -v "$tool" >/dev/null || fail "needs $tool (packages apt, dpkg, gcc, libc6-dev)"
    done
    [ -r "$keyring" ] || fail "needs Debian's archive key (package debian-archive-keyring)"
}

# The archive that this machine's own apt uses, unless DEBIAN_MIRROR names another one.
archive() {
    [ -z "${DEBIAN_MIRROR:-}" ] || { echo "$DEBIAN_MIRROR"; return; }
    apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' | grep -v security | head -n 1
}

# apt with a package state of its own, in which nothing is installed; the machine's proxy and
# sign-in settings stay in force.
download_packages() {
    uri=$(archive)
    if [ -z "$uri" ]; then
        apt-get update -qq
        uri=$(archive)
    fi
    [ -n "$uri" ] || fail "apt knows no Debian archive: set DEBIAN_MIRROR"
    mkdir -p "$work/preferences" "$work/state/lists/partial" "$work/packages/partial"
    : >"$work/state/status"
    echo "deb [signed-by=$keyring] $uri $suite main" >"$work/sources.list"
    cat >"$work/apt.conf" <<CONF
Dir::State "$work/state";
Dir::State::status "$work/state/status";
Dir::Cache "$work/cache";
Dir::Cache::archives "$work/packages";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "$work/preferences";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Debug::NoLocking "true";
#clear APT::Update::Post-Invoke;
#clear DPkg::Post-Invoke;
CONF
    (
        export APT_CONFIG="$work/apt.conf"
        apt-get update -qq
        apt-get install -qq --print-uris swiftlang patchelf | awk '{ print $2 }' |
            sed 's/_.*//' | sort -u | grep -Ev "^($(never_loaded))" >"$work/names"
        cd "$work/packages"
        xargs apt-get download -qq <"$work/names"
    )
}

# Packages that apt resolves but that compiling and testing never loads: the C compiler (this
# machine's is used), debugger support, scripting languages.
never_loaded() {
    printf '%s|' 'gcc' 'cpp' 'binutils' 'lib[alt]san' 'libubsan' 'libhwasan' 'libitm' \
        'libquadmath' 'libcc1' 'libmpc' 'libmpfr' 'libisl' 'libgprofng' 'libbinutils' 'libctf' \
        'libsframe' 'libpython3' 'libdb5' 'libreadline8' 'libswiftlang-dev' 'debconf' 'perl' \
        'readline-common' 'media-types' 'netbase' 'openssl-provider' 'rpcsvc' 'libc-dev-bin'
    printf 'tzdata'
}

unpack_packages() {
    # The merged /usr of Debian, so that packages with either layout meet.
    for folder in bin sbin lib lib64; do
        mkdir -p "$dest/usr/$folder"
        ln -sfn "usr/$folder" "$dest/$folder"
    done
    for package in "$work"/packages/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar -x -C "$dest" --keep-directory-symlink \
            --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' \
            --exclude='./usr/libexec/swift/share' \
            --exclude='./usr/libexec/swift/bin/clangd' --exclude='./usr/libexec/swift/bin/docc' \
            --exclude='./usr/libexec/swift/bin/lldb*' --exclude='./usr/libexec/swift/bin/repl_swift' \
            --exclude='./usr/libexec/swift/bin/sourcekit-lsp' \
            --exclude='./usr/libexec/swift/bin/swift-build-sdk-interfaces' \
            --exclude='./usr/libexec/swift/lib/liblldb*' --exclude='./usr/libexec/swift/lib/libLTO*' \
            --exclude='./usr/libexec/swift/lib/libsourcekitdInProc.so' \
            --exclude='./usr/libexec/swift/lib/swift_static' \
            --exclude='./usr/libexec/swift/lib/swift/embedded'
    done
}

# RPATH, not RUNPATH, everywhere: one library with a RUNPATH would hide the programs' RPATH from the
# libraries that it loads in turn.
turn_to_own_loader() {
    rpath=$swift/lib/swift/linux:$swift/lib/swift/host:$swift/lib:$libs
    for tool in "$swift"/bin/*; do
        if [ ! -L "$tool" ] && patchelf --print-interpreter "$tool" >/dev/null 2>&1; then
            patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$rpath" "$tool"
        fi
    done
    find "$swift/lib" "$libs" -type f -name '*.so*' | while read -r library; do
        [ -z "$(patchelf --print-rpath "$library" 2>/dev/null)" ] ||
            patchelf --force-rpath --set-rpath "$rpath" "$library"
    done
}

patchelf() { "$loader" --library-path "$libs" "$dest/usr/bin/patchelf" "$@"; }

# swiftc calls ld.gold where the machine has one and ld otherwise: both become lld with our loader.
wrap_linker() {
    cat >"$swift/bin/ld" <<WRAPPER
#!/bin/sh
exec "$swift/bin/ld.lld" "\$@" --dynamic-linker "$loader" --disable-new-dtags \\
    -rpath "$swift/lib/swift/linux" -rpath "$libs"
WRAPPER
    chmod +x "$swift/bin/ld"
    ln -s ld "$swift/bin/ld.gold"
}

fail() {
    echo "swift toolchain: $*" >&2
    exit 1
}

main "$@"
