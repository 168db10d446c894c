#!/usr/bin/env bash
# Builds images that stand in for apache/kafka:4.3.1 and eclipse-temurin:17-jre where no container registry can be reached: Debian with
# its JRE 17 and Python, and the broker's jars from Maven Central. Java compiles in haste there, for containers of tests live for minutes. An image
# of that name which is there already is left alone.
#
#   compose/stand-ins/build.sh
#   JAVA_IMAGE=my/java:17 KAFKA_IMAGE=my/kafka:4.3.1 compose/stand-ins/build.sh
#
# Needs root, debootstrap, Maven and a running Docker; takes two minutes. docker image rm removes them again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

java_image=${JAVA_IMAGE:-eclipse-temurin:17-jre}
kafka_image=${KAFKA_IMAGE:-apache/kafka:4.3.1}
kafka_version=${kafka_image##*:}

there() { docker image inspect "$1" >/dev/null 2>&1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if there "$java_image"; then
  echo "$java_image is there"
else
  echo "building $java_image"
  if ! debootstrap --variant=minbase --include=openjdk-17-jre-headless,python3 bookworm "$work/system" >"$work/log" 2>&1; then
    tail -n 20 "$work/log" >&2
    exit 1
  fi
  rm -rf "$work"/system/var/cache/apt/* "$work"/system/var/lib/apt/lists/* "$work"/system/usr/share/{doc,man,locale,info}
  tar -C "$work/system" --numeric-owner --one-file-system -c . |
    docker import --change 'ENV LANG=C.UTF-8' --change 'ENV JAVA_TOOL_OPTIONS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"' --message 'stands in for eclipse-temurin' - "$java_image" >/dev/null
  rm -rf "$work/system"
fi

if there "$kafka_image"; then
  echo "$kafka_image is there"
else
  echo "building $kafka_image"
  mvn -q -B -f kafka-pom.xml -Dkafka.version="$kafka_version" dependency:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$work/kafka/libs"
  cp Dockerfile log4j2.xml run "$work/kafka"
  docker build -q --build-arg JAVA_IMAGE="$java_image" -t "$kafka_image" "$work/kafka" >/dev/null
fi

docker image ls --format '{{.Repository}}:{{.Tag}} {{.Size}}' "$java_image"
docker image ls --format '{{.Repository}}:{{.Tag}} {{.Size}}' "$kafka_image"
