#!/usr/bin/env bash
# Installs what building and testing need on Debian 12 with Rust; quick when nothing is missing.
# Usage: tools/setup.sh [--tests|--bench]   (--tests: also the tools that only tests use; --bench: these and the peers
# that bench-compare measures against)
set -euo pipefail
cd "$(dirname "$0")/.."

want="${1:-}"
# What the benchmarks need is what the tests need and more.
tests() { [ "$want" = --tests ] || [ "$want" = --bench ]; }

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

packages=(llvm-22-dev libgc-dev libffi-dev zlib1g-dev libzstd-dev libxml2-dev gcc libc6-dev)
missing=()
for p in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing+=("$p")
done
if tests; then
    for p in clang-22 python3-venv lld-22 llvm-22 spirv-tools; do
        dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing+=("$p")
    done
fi
if [ ${#missing[@]} -gt 0 ]; then
    say "installing ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

if ! command -v cargo >/dev/null; then
    echo "cargo is not on the PATH: install Rust 1.95 or newer with rustup" >&2
    exit 1
fi

# ptxas, NVIDIA's assembler, checks the PTX that the tests make. Compiling does not need it.
tools="${REKINDLE_TOOLS:-target/test-tools}"
if tests && [ ! -x "$tools/ptxas" ]; then
    say "fetching ptxas for the tests"
    mkdir -p "$tools"
    if python3 -m venv "$tools/venv" 2>/dev/null || python3 -m virtualenv -q "$tools/venv"; then
        if "$tools/venv/bin/pip" install -q --disable-pip-version-check nvidia-cuda-nvcc >/dev/null 2>"$tools/pip.log"; then
            found="$(find "$tools/venv" -name ptxas -type f | head -n 1)"
            if [ -n "$found" ]; then
                chmod +x "$found"
                ln -sf "$(realpath "$found")" "$tools/ptxas"
            fi
        else
            echo "note: ptxas could not be fetched (see $tools/pip.log); tests that need it will say that they were skipped" >&2
        fi
    fi
fi

# Intel's OpenCL driver for CPUs runs the SPIR-V that the tests make.
if tests && [ -d "$tools/venv" ] && [ ! -e "$tools/venv/lib/libintelocl.so" ]; then
    say "fetching an OpenCL driver for the tests"
    if ! "$tools/venv/bin/pip" install -q --disable-pip-version-check intel-opencl-rt intel-cmplr-lib-rt >/dev/null 2>>"$tools/pip.log"; then
        echo "note: the OpenCL driver could not be fetched (see $tools/pip.log); tests that need it will say that they were skipped" >&2
    fi
fi

# NVRTC, NVIDIA's run-time compiler, is what bench-compare measures compilation to PTX against.
if [ "$want" = --bench ] && [ -z "$(find "$tools/venv" -name 'libnvrtc.so.*' -type f 2>/dev/null | head -n 1)" ]; then
    say "fetching NVRTC for the benchmarks"
    if ! "$tools/venv/bin/pip" install -q --disable-pip-version-check nvidia-cuda-nvrtc >/dev/null 2>>"$tools/pip.log"; then
        echo "note: NVRTC could not be fetched (see $tools/pip.log); its comparisons will say that they were skipped" >&2
    fi
fi
