"""Paints a picture knowing nothing but the address of the OpenAPI description.

    openapi.py ADDRESS PHOTO STYLE OUTPUT

Paths, methods and names come from the description: operations are found by their ids, ids and
states by the schemas. Every answer is checked against its schema, as far as it goes.
"""

import json
import sys
import time
import urllib.request


class Interface:
    def __init__(self, address):
        self.address = address
        self.text = json.load(urllib.request.urlopen(address + "/api/openapi.json"))
        self.operations = {operation["operationId"]: (method, path, operation)
                           for path, item in self.text["paths"].items()
                           for method, operation in item.items() if method != "parameters"}

    def resolve(self, schema):
        while "$ref" in schema:
            found = self.text
            for key in schema["$ref"][2:].split("/"):
                found = found[key]
            schema = found
        return schema

    def check(self, value, schema, where):
        schema = self.resolve(schema)
        kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": (int, float), "number": (int, float)}
        if "type" in schema and not isinstance(value, kinds[schema["type"]]):
            sys.exit(f"FAIL: {where}: {value!r} is not of type {schema['type']}")
        if "enum" in schema and value not in schema["enum"]:
            sys.exit(f"FAIL: {where}: {value!r} is none of {schema['enum']}")
        for name in schema.get("required", []):
            if name not in value:
                sys.exit(f"FAIL: {where}: {name} is missing in {value}")
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                self.check(value[name], inner, where + "." + name)
        if "items" in schema:
            for item in value:
                self.check(item, schema["items"], where + "[]")

    def call(self, name, body=None, kind=None, **parameters):
        method, path, operation = self.operations[name]
        for key, value in parameters.items():
            path = path.replace("{" + key + "}", value)
        request = urllib.request.Request(self.address + path, data=body, method=method.upper())
        if kind:
            request.add_header("Content-Type", kind)
        with urllib.request.urlopen(request) as answer:
            described = self.resolve(operation["responses"][str(answer.status)])
            data = answer.read()
        schema = described.get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            return data
        value = json.loads(data)
        self.check(value, schema, name)
        return value


def main():
    address, photo, style, output = sys.argv[1:5]
    api = Interface(address)
    upload = lambda path: api.call("upload", open(path, "rb").read(), "application/octet-stream")["id"]
    api.call("health")
    known = {option["name"]: option for option in api.call("options")["options"]}
    names = [entry["name"] for entry in api.call("styles")["styles"]]
    request = {"photo": upload(photo), "styles": [{"picture": upload(style)}],
               "options": {"size": max(64, int(known["size"]["low"])), "preset": known["preset"]["choices"][0]}}
    run = api.call("paint", json.dumps(request).encode(), "application/json")
    while run["state"] in ("queued", "running"):
        time.sleep(0.1)
        run = api.call("run", id=run["id"])
    if run["state"] != "done":
        sys.exit(f"FAIL: {run}")
    api.call("runs")
    with open(output, "wb") as file:
        file.write(api.call("result", id=run["id"]))
    print(f"ok: {run['width']} x {run['height']}; {len(known)} options and {len(names)} styles described")


if __name__ == "__main__":
    main()
