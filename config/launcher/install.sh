#!/bin/sh
# install.sh PYTHON FILE…: the packages of these lock files (lock.sh), each with the hash that stands there,
# into the environment of PYTHON.
# uv does in 10 s what takes pip a minute; where uv cannot, pip still can. A registry that does not
# answer is given up after two tries of 10 seconds each.
python=$1; shift
for file do
    set -- "$@" -r "$file"; shift
done
export UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-10}" UV_HTTP_RETRIES="${UV_HTTP_RETRIES:-1}"
export PIP_TIMEOUT="${PIP_TIMEOUT:-10}" PIP_RETRIES="${PIP_RETRIES:-1}" PIP_DISABLE_PIP_VERSION_CHECK=1
uv=$(dirname "$python")/uv
here=$(dirname "$0")
[ -x "$uv" ] || "$python" -m pip install --quiet --require-hashes -r "$here/installer.lock"
[ -x "$uv" ] && "$uv" pip install --quiet --require-hashes --python "$python" "$@" && exit
echo "set-up | uv did not manage; with pip instead …"
"$python" -m pip install --quiet --require-hashes "$@" && exit
index=${PIP_INDEX_URL:-$("$python" -m pip config get global.index-url 2>/dev/null || echo https://pypi.org/simple)}
echo "set-up | the packages could not be had from $(echo "$index" | sed 's#//[^@/]*@#//#'); pip says why above" >&2
exit 1
