#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds recorded answers against the JSON Schemas of their commands.

Usage: schema.py SCHEMAS RECORDS

SCHEMAS/PROGRAM/COMMAND.json are what `make` writes. RECORDS/N.args has the words of a command line, each with a
NUL behind it, RECORDS/N.out what it wrote to standard output. Prints what does not hold, then how many documents
were held against how many schemas. Only that part of JSON Schema is known that the schemas use; another word in
one is an error.
"""
import json
import os
import re
import sys

KNOWN = {"$schema", "$ref", "title", "description", "format", "unit", "type", "properties", "items", "required",
         "additionalProperties", "anyOf", "enum"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_type(value, name):
    if name in ("integer", "number"):
        kinds = int if name == "integer" else (int, float)
        return isinstance(value, kinds) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def find(schema, pointer):
    """The part of SCHEMA that POINTER ("#/anyOf/0") names."""
    for step in pointer.split("/")[1:]:
        schema = schema[int(step)] if isinstance(schema, list) else schema[step]
    return schema


def faults(value, schema, chosen, where="$", root=None):
    """What is wrong with VALUE; where keys were CHOSEN, none is required. ROOT is the schema that SCHEMA is in."""
    root = root or schema
    if "$ref" in schema:
        schema = find(root, schema["$ref"])
    unknown = set(schema) - KNOWN
    if unknown:
        return [f"{where}: the schema has {sorted(unknown)}, which this does not know"]
    if "anyOf" in schema:
        tries = [faults(value, one, chosen, where, root) for one in schema["anyOf"]]
        return [] if [] in tries else min(tries, key=len)
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(is_type(value, name) for name in types):
        return [f"{where}: {json.dumps(value)[:60]} is not {' or '.join(types)}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {json.dumps(value)[:60]} is none of {schema['enum']}")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        if not chosen:
            found += [f"{where}: no {key}" for key in schema.get("required", []) if key not in value]
        for key, inner in value.items():
            if key in properties:
                found += faults(inner, properties[key], chosen, f"{where}.{key}", root)
            elif schema.get("additionalProperties") is False:
                found.append(f"{where}: {key} is not declared")
            elif isinstance(schema.get("additionalProperties"), dict):
                found += faults(inner, schema["additionalProperties"], chosen, f"{where}.{key}", root)
    if isinstance(value, list) and "items" in schema:
        for number, inner in enumerate(value):
            found += faults(inner, schema["items"], chosen, f"{where}[{number}]", root)
    return found


def documents(text):
    """The JSON documents of TEXT, or None where it holds something else."""
    decoder, found, at = json.JSONDecoder(), [], 0
    text = text.strip()
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError:
            return None
        if not isinstance(value, (dict, list)):
            return None
        found.append(value)
        while at < len(text) and text[at].isspace():
            at += 1
    return found


def main(schemas, records):
    held, bad, used = 0, 0, set()
    for name in sorted(os.listdir(records)):
        if not name.endswith(".args"):
            continue
        base = os.path.join(records, name[:-5])
        with open(base + ".args", errors="replace") as file:
            words = file.read().split("\0")[:-1]
        with open(base + ".out", errors="replace") as file:
            answers = documents(file.read())
        program = os.path.basename(words[0])
        # A string of commands is one word.
        tokens = [token for word in words[1:] for token in re.split(r"[\s;'\"]+", word)]
        if not answers or "help" in tokens or "--help" in tokens:
            continue
        paths = [os.path.join(schemas, program, token + ".json") for token in tokens if "/" not in token]
        paths = [path for path in paths if os.path.exists(path)]
        choices = {path: json.load(open(path)) for path in paths}
        chosen = any("--json=" in word for word in words)
        for answer in answers if choices else []:
            tries = {path: faults(answer, schema, chosen) for path, schema in choices.items()}
            good = [path for path, found in tries.items() if not found]
            held += 1
            used.update(good)
            if not good:
                bad += 1
                path, found = min(tries.items(), key=lambda one: len(one[1]))
                print(f"{' '.join(words)}\n  is not as {os.path.relpath(path, schemas)} says:")
                print("\n".join("    " + line for line in found[:5]))
    print(f"{held} documents held against {len(used)} schemas, {bad} do not fit")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
