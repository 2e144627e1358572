#!/usr/bin/env python3
"""Turn dbus/interfaces/NAME.xml into the tables that dbus/bus dispatches by.

usage: generate.py INTERFACE.xml FOLDER

Writes FOLDER/<Last>.bus.h and FOLDER/<Last>.bus.c, <Last> being the last part of the interface's
name. Only data and declarations are generated, no function: whoever serves the interface defines the
handlers, and one that is missing does not link.

The input is the D-Bus introspection format, read strictly: an element, an attribute or an annotation
that is not known here, a signature that is not one complete type, or a method that does not say who
may call it stops the build with FILE:LINE. There is no default access.
"""

import os
import re
import sys
import xml.parsers.expat

ACCESS = "org.offduty1.Access"
ACCESS_WORDS = ("any", "own-session", "notifier")
ACTION = re.compile(r"org\.offduty1(\.[a-z][a-z0-9-]*)+")
EMITS = "org.freedesktop.DBus.Property.EmitsChangedSignal"
EMITS_WORDS = ("true", "invalidates", "const", "false")
DEPRECATED = "org.freedesktop.DBus.Deprecated"
MEMBER = re.compile(r"[A-Z][A-Za-z0-9]*")
INTERFACE = re.compile(r"org\.offduty1(\.[A-Z][A-Za-z0-9]*)+")
NAME_MAX = 255

# element: (elements it may stand in, attributes it must have, attributes it may have)
ELEMENTS = {
    "node": ((None,), (), ("name",)),
    "interface": (("node",), ("name",), ()),
    "method": (("interface",), ("name",), ()),
    "signal": (("interface",), ("name",), ()),
    "property": (("interface",), ("name", "type", "access"), ()),
    "arg": (("method", "signal"), ("type",), ("name", "direction")),
    "annotation": (("interface", "method", "signal", "property"), ("name", "value"), ()),
}


class Fault(Exception):
    """What is wrong, and in which line."""

    def __init__(self, line, text):
        super().__init__(text)
        self.line = line


def complete_type(signature, at=0, depth=0):
    """Offset behind the complete type that begins at @at, or -1."""
    if at >= len(signature) or depth > 32:
        return -1
    char = signature[at]
    if char in "ybnqiuxtdsogvh":
        return at + 1
    if char == "a":
        if signature[at + 1:at + 2] != "{":
            return complete_type(signature, at + 1, depth + 1)
        if signature[at + 2:at + 3] not in tuple("ybnqiuxtdsogh"):
            return -1
        end = complete_type(signature, at + 3, depth + 2)
        return end + 1 if end > 0 and signature[end:end + 1] == "}" else -1
    if char == "(":
        at += 1
        while signature[at:at + 1] != ")":
            at = complete_type(signature, at, depth + 1)
            if at < 0:
                return -1
        return at + 1 if signature[at - 1] != "(" else -1
    return -1


def snake(name):
    """MyRecords -> my_records, PolicyHash -> policy_hash, ID -> id."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def literal(text):
    """A C string literal; the text of an interface may hold any character of UTF-8."""
    out = []
    for byte in text.encode():
        char = chr(byte)
        if char in '"\\?':
            out.append("\\" + char)
        elif char == "\n":
            out.append("\\n")
        elif char == "\t":
            out.append("\\t")
        elif 32 <= byte < 127:
            out.append(char)
        else:
            out.append("\\%03o" % byte)
    return '"' + "".join(out) + '"'


class Member:
    """A method, a signal or a property."""

    def __init__(self, kind, name, line):
        self.kind, self.name, self.line = kind, name, line
        self.types = {"in": "", "out": ""}
        self.type = ""
        self.access = None


class Reader:
    """One interface out of one file."""

    def __init__(self, data):
        self.data = data
        self.stack = []
        self.interface = None
        self.members = []
        self.start = self.end = 0
        self.parser = xml.parsers.expat.ParserCreate()
        self.parser.StartElementHandler = self.on_start
        self.parser.EndElementHandler = self.on_end
        self.parser.CharacterDataHandler = self.on_text
        self.parser.EntityDeclHandler = self.on_entity

    def read(self):
        self.parser.Parse(self.data, True)
        if self.interface is None:
            raise Fault(1, "there is no interface in it")
        text = self.data[self.start:self.end] + b"</interface>"
        return text.decode()

    def fault(self, text):
        return Fault(self.parser.CurrentLineNumber, text)

    def on_entity(self, name, *_):
        raise self.fault("entity '%s': entities are not read" % name)

    def on_text(self, text):
        if text.strip():
            raise self.fault("text '%s' outside of a comment" % text.strip()[:20])

    def on_start(self, element, attributes):
        parent = self.stack[-1][0] if self.stack else None
        if element not in ELEMENTS:
            raise self.fault("unknown element <%s>" % element)
        parents, needed, allowed = ELEMENTS[element]
        if parent not in parents:
            raise self.fault("<%s> does not belong here" % element)
        for name in needed:
            if name not in attributes:
                raise self.fault("<%s> lacks %s=" % (element, name))
        for name in attributes:
            if name not in needed + allowed:
                raise self.fault("<%s> has an unknown attribute %s=" % (element, name))
        member = self.stack[-1][1] if self.stack else None
        member = getattr(self, "on_" + element)(attributes, member)
        self.stack.append((element, member))

    def on_end(self, element):
        _, member = self.stack.pop()
        if element == "interface":
            self.end = self.parser.CurrentByteIndex
            if not self.members:
                raise self.fault("there is nothing in it")
        if element == "method" and member.access is None:
            raise Fault(member.line, "method %s does not say who may call it: annotation %s"
                        % (member.name, ACCESS))

    def on_node(self, attributes, _):
        return None

    def on_interface(self, attributes, _):
        if self.interface is not None:
            raise self.fault("a second interface; one file holds one")
        if not INTERFACE.fullmatch(attributes["name"]) or len(attributes["name"]) > NAME_MAX:
            raise self.fault("'%s' is not a name below org.offduty1" % attributes["name"])
        self.interface = attributes["name"]
        self.start = self.parser.CurrentByteIndex
        return None

    def add(self, kind, attributes):
        name = attributes["name"]
        if not MEMBER.fullmatch(name) or len(name) > NAME_MAX:
            raise self.fault("'%s' is not a %s name (letters and digits, a capital first)"
                             % (name, kind))
        for other in self.members:
            same = (other.kind == "property") == (kind == "property")
            if same and snake(other.name) == snake(name):
                raise self.fault("%s %s: line %d has that name already" % (kind, name, other.line))
        self.members.append(Member(kind, name, self.parser.CurrentLineNumber))
        return self.members[-1]

    def on_method(self, attributes, _):
        return self.add("method", attributes)

    def on_signal(self, attributes, _):
        return self.add("signal", attributes)

    def on_property(self, attributes, _):
        if attributes["access"] != "read":
            raise self.fault("property %s: only access=\"read\" is served" % attributes["name"])
        member = self.add("property", attributes)
        member.type = self.one_type(attributes["type"])
        return member

    def one_type(self, signature):
        if len(signature) > 255 or complete_type(signature) != len(signature):
            raise self.fault("'%s' is not one complete type" % signature)
        return signature

    def on_arg(self, attributes, member):
        direction = attributes.get("direction", "out" if member.kind == "signal" else None)
        if direction not in ("in", "out") or (member.kind == "signal" and direction == "in"):
            raise self.fault("<arg> needs direction=\"in\" or \"out\"")
        member.types[direction] += self.one_type(attributes["type"])
        if len(member.types[direction]) > 255:
            raise self.fault("the arguments of %s are more than 255 types" % member.name)
        return None

    def on_annotation(self, attributes, member):
        name, value = attributes["name"], attributes["value"]
        kind = member.kind if member else "interface"
        if name == ACCESS and kind == "method":
            if value not in ACCESS_WORDS and not ACTION.fullmatch(value):
                raise self.fault("access '%s' is neither %s nor a polkit action org.offduty1.*"
                                 % (value, ", ".join(ACCESS_WORDS)))
            if member.access is not None:
                raise self.fault("method %s says twice who may call it" % member.name)
            member.access = value
        elif name == EMITS and kind in ("property", "interface") and value in EMITS_WORDS:
            pass
        elif name == DEPRECATED and value in ("true", "false"):
            pass
        else:
            raise self.fault("unknown annotation %s=\"%s\" on a %s" % (name, value, kind))
        return None


def write_header(out, base, name, methods, properties):
    out.write("/* Generated from %s.xml: do not edit. */\n#pragma once\n\n" % name)
    out.write('#include "bus/object.h"\n\n')
    out.write('#define OD_BUS_%s "%s"\n\n' % (base.upper(), name))
    out.write("extern const struct od_bus_interface od_bus_interface_%s;\n\n" % base)
    for method in methods:
        out.write("/* (%s) -> (%s), access: %s */\n"
                  % (method.types["in"], method.types["out"], method.access))
        out.write("int od_%s_method_%s(void *userdata, struct od_bus_call *call);\n"
                  % (base, snake(method.name)))
    for prop in properties:
        out.write("int od_%s_get_%s(void *userdata, DBusMessageIter *value); /* %s */\n"
                  % (base, snake(prop.name), prop.type))


def write_source(out, last, name, methods, properties, text):
    base = snake(last)
    out.write("/* Generated from %s.xml: do not edit. */\n" % name)
    out.write('#include "%s.bus.h"\n\n' % last)
    out.write("static const struct od_bus_method methods[] = {\n")
    for method in methods:
        out.write('\t{ "%s", "%s", "%s", "%s", od_%s_method_%s },\n'
                  % (method.name, method.types["in"], method.types["out"], method.access, base,
                     snake(method.name)))
    out.write("\t{ 0 },\n};\n\nstatic const struct od_bus_property properties[] = {\n")
    for prop in properties:
        out.write('\t{ "%s", "%s", od_%s_get_%s },\n'
                  % (prop.name, prop.type, base, snake(prop.name)))
    out.write("\t{ 0 },\n};\n\nconst struct od_bus_interface od_bus_interface_%s = {\n" % base)
    out.write('\t.name = "%s",\n\t.methods = methods,\n\t.properties = properties,\n' % name)
    out.write("\t.xml =")
    for line in text.splitlines(keepends=True):
        out.write("\n\t\t" + literal(line))
    out.write(",\n};\n")


def generate(path, folder):
    with open(path, "rb") as file:
        reader = Reader(file.read())
    text = reader.read()
    last = reader.interface.rsplit(".", 1)[1]
    methods = [m for m in reader.members if m.kind == "method"]
    properties = [m for m in reader.members if m.kind == "property"]
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, last + ".bus.h"), "w", encoding="utf-8") as out:
        write_header(out, snake(last), reader.interface, methods, properties)
    with open(os.path.join(folder, last + ".bus.c"), "w", encoding="utf-8") as out:
        write_source(out, last, reader.interface, methods, properties, text)


def main(argv):
    if len(argv) != 3:
        sys.stderr.write("usage: generate.py INTERFACE.xml FOLDER\n")
        return 2
    try:
        generate(argv[1], argv[2])
    except Fault as fault:
        sys.stderr.write("%s:%d: %s\n" % (argv[1], fault.line, fault))
        return 1
    except xml.parsers.expat.ExpatError as fault:
        sys.stderr.write("%s:%d: %s\n" % (argv[1], fault.lineno,
                                          xml.parsers.expat.ErrorString(fault.code)))
        return 1
    except (OSError, UnicodeDecodeError) as fault:
        sys.stderr.write("%s:1: %s\n" % (argv[1], fault))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
