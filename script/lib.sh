# shellcheck shell=bash
# What the scripts share: sourced by them, never run. Sourcing starts no program: a quick second start is a feature.

ROOT=${BASH_SOURCE[0]%/*}
ROOT=$(cd "$ROOT/.." && pwd -P)
STAMPS=$ROOT/.script-stamps
VENV=$ROOT/.venv
# Where compiled modules may not be kept, each start compiles a thousand of them: seconds instead of half a second.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$@"
    exit 1
}

# Print the comment block at the head of the running script.
print_usage() {
    local line
    while IFS= read -r line; do
        case $line in
        '#!'*) ;;
        '#'*) line=${line#'#'} && printf '%s\n' "${line# }" ;;
        *) break ;;
        esac
    done <"$0"
}

# fingerprint KIND: one line that changes when anything that setup works from has changed.
fingerprint() {
    local inputs=("$ROOT/script/setup" "$ROOT/requirements.txt")
    if [[ $1 == dev ]]; then inputs+=("$ROOT/requirements-dev.txt"); fi
    local catalogue
    for catalogue in "$ROOT"/app/translations/*/LC_MESSAGES/*.po; do
        if [[ -e $catalogue ]]; then inputs+=("$catalogue"); fi
    done
    cat -- "${inputs[@]}" | sha256sum
}

# is_set_up KIND: whether setup has nothing to do.
is_set_up() {
    local seen=
    if [[ ! -x $VENV/bin/python || ! -r $STAMPS/$1 ]]; then return 1; fi
    IFS= read -r seen <"$STAMPS/$1" || true
    [[ $seen == "$(fingerprint "$1")" ]]
}

# ensure_setup KIND: set up only where that is needed.
ensure_setup() {
    if ! is_set_up "$1"; then "$ROOT/script/setup" "--$1"; fi
}
