#!/usr/bin/env bash
# Breaks the promises one after the other, each by a change to the code that keeps it, and runs the tests that should
# notice. Prints a table; ends with 1 if one was not noticed. src/mutations/run.sh [number or name ...], all by default.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git clone -q . "$copy"
cd "$copy"
# a mutation need not please the linters
sed -i -e '/-Werror/d' -e '/-Xplugin:ErrorProne/d' -e '/-J--add-/d' pom.xml
status=0
echo "| promise | mutation | noticed by |"
echo "|---|---|---|"
for patch in "$here"/src/mutations/*.patch; do
    name=$(basename "$patch" .patch)
    if [ $# -gt 0 ] && ! printf '%s\n' "$@" | grep -qxF -e "$name" -e "${name%%-*}"; then
        continue
    fi
    what=$(sed -n 1p "$patch")
    tests=$(sed -n 's/^tests: //p' "$patch")
    if ! git apply "$patch"; then
        noticed="nothing: the patch does not apply any more"
        status=1
    elif mvn -B -ntp test -Dtests.excluded=pgbouncer,examples -Dtest="$tests" -Dtest.patience=60 -Dsurefire.timeout=300 > "$copy/mutation.log" 2>&1; then
        noticed="nothing"
        status=1
    elif grep -aqE 'timeout.* in the fork' "$copy/mutation.log"; then
        noticed="\`$tests\`, which does not end"
    elif ! grep -aqE '(Failures|Errors): [1-9]' "$copy/mutation.log"; then
        noticed="nothing: $(grep -a '^\[ERROR\]' "$copy/mutation.log" | head -1)"
        status=1
    else
        noticed=$(grep -aoE '^\[ERROR\]   [A-Za-z]+(\.|->|#)[A-Za-z0-9]+' "$copy/mutation.log" | sed 's/.* //; s/->/./' \
            | sort -u | awk 'NR <= 3 { printf("%s`%s`", (NR > 1 ? ", " : ""), $0) } END { if (NR > 3) printf(" and %d more", NR - 3) }')
    fi
    git checkout -q -- src routes README.md
    echo "| ${name%%-*} | $what | $noticed |"
done
exit $status
