#!/usr/bin/env python3
"""Tells the story of every run from the audit log, with no code of Millrace: kcat brings the records, and Apache Avro's
library for Python (Debian: python3-avro) reads them with the schemas that the registry has.

    kcat -b 127.0.0.1:9092 -C -e -q -X isolation.level=read_committed -o beginning \\
        -t millrace.run-events -f '%R%s' | python3 story.py http://127.0.0.1:8081
"""
import io
import json
import struct
import sys
import urllib.request

import avro.io
import avro.schema

MAGIC = 0
schemas = {}


def schema(registry, schema_id):
    """The schema that a record was written with; asked for once."""
    if schema_id not in schemas:
        with urllib.request.urlopen(f"{registry}/schemas/ids/{schema_id}") as answer:
            schemas[schema_id] = avro.schema.parse(json.load(answer)["schema"])
    return schemas[schema_id]


def values(stream):
    """The values that `kcat -f %R%s` writes: four bytes with the length before each."""
    while head := stream.read(4):
        yield stream.read(struct.unpack(">i", head)[0])


def decode(value, registry):
    """A value in the wire format: a zero byte, the schema's id in four bytes, the record."""
    magic, schema_id = struct.unpack(">bi", value[:5])
    if magic != MAGIC:
        sys.exit(f"not in the wire format: the first byte is {magic}")
    decoder = avro.io.BinaryDecoder(io.BytesIO(value[5:]))
    return avro.io.DatumReader(schema(registry, schema_id)).read(decoder)


def cause(event):
    """What led to the event: a record, or in words a timer or a lease."""
    led = event["cause"]
    return f"{led['topic']}-{led['partition']}@{led['offset']}" if led["kind"] == "RECORD" else led["detail"]


def main(registry):
    for value in values(sys.stdin.buffer):
        event = decode(value, registry)
        parts = [event["run_id"], f"#{event['sequence']}", event["type"], event["task"] or ""]
        if event["attempt"]:
            parts.append(f"{event['attempt']}.{event['epoch']}")
        if event["dispatched"]:
            parts.append("-> " + ", ".join(event["dispatched"]))
        if event["failure"]:
            parts.append(event["failure"]["message"])
        if event["reason"]:
            parts.append(event["reason"])
        print(*[part for part in parts if part], f"(by {cause(event)})")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1].rstrip("/"))
