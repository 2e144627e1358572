#!/usr/bin/env python3
"""What dbus/generate.py accepts, and where it says that something is wrong.

usage: test_generate.py DBUS-FOLDER C-COMPILER
"""

import os
import subprocess
import sys
import tempfile
import unittest

DBUS, COMPILER = sys.argv[1:3]
ACCESS = '<annotation name="org.offduty1.Access" value="any"/>'


def run(text, folder):
    path = os.path.join(folder, "org.offduty1.Case.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path, subprocess.run([sys.executable, os.path.join(DBUS, "generate.py"), path, folder],
                                capture_output=True, text=True)


def interface(body):
    """The body begins on line 3."""
    return '<node>\n<interface name="org.offduty1.Case">\n%s\n</interface>\n</node>\n' % body


class Faults(unittest.TestCase):
    """Each stops with FILE:LINE and writes nothing."""

    rows = [
        (interface('<method name="A">\n</method>'), 3, "does not say who may call it"),
        (interface('<method name="A"><annotation name="org.offduty1.Access" value="all"/></method>'),
         3, "access 'all'"),
        (interface('<method name="A"><annotation name="org.offduty1.Access" value=""/></method>'),
         3, "access ''"),
        (interface('<method name="A">\n%s\n%s</method>' % (ACCESS, ACCESS)), 5, "twice"),
        (interface('<method name="A">\n<annotation name="org.offduty1.Acess" value="any"/></method>'),
         4, "unknown annotation"),
        (interface('\n<methods name="A"/>'), 4, "unknown element <methods>"),
        (interface('<method name="A" deprecated="yes">%s</method>' % ACCESS), 3,
         "unknown attribute deprecated="),
        (interface('<method>%s</method>' % ACCESS), 3, "lacks name="),
        (interface('<method name="a">%s</method>' % ACCESS), 3, "not a method name"),
        (interface('<method name="A">%s<arg type="q(" direction="in"/></method>' % ACCESS), 3,
         "not one complete type"),
        (interface('<method name="A">%s<arg type="ss" direction="in"/></method>' % ACCESS), 3,
         "not one complete type"),
        (interface('<method name="A">%s<arg type="" direction="in"/></method>' % ACCESS), 3,
         "not one complete type"),
        (interface('<method name="A">%s<arg type="a{vs}" direction="in"/></method>' % ACCESS), 3,
         "not one complete type"),
        (interface('<method name="A">%s<arg type="()" direction="in"/></method>' % ACCESS), 3,
         "not one complete type"),
        (interface('<method name="A">%s<arg type="%ss" direction="in"/></method>'
                   % (ACCESS, "a" * 40)), 3, "not one complete type"),
        (interface('<method name="A">%s<arg type="s"/></method>' % ACCESS), 3, "direction"),
        (interface('<signal name="A"><arg type="s" direction="in"/></signal>'), 3, "direction"),
        (interface('<property name="A" type="s" access="readwrite"/>'), 3, "only access"),
        (interface('<property name="A" type="sq" access="read"/>'), 3, "not one complete type"),
        (interface('<property name="A" type="s" access="read">%s</property>' % ACCESS), 3,
         "unknown annotation"),
        (interface('<property name="A" type="s" access="read"/>\n'
                   '<property name="A" type="s" access="read"/>'), 4, "line 3 has that name"),
        (interface('<method name="GetIt">%s</method>\n<method name="Getit">%s</method>\n'
                   '<method name="GetIT">%s</method>' % (ACCESS, ACCESS, ACCESS)), 5,
         "line 3 has that name"),
        (interface('<arg type="s"/>'), 3, "does not belong here"),
        (interface('stray'), 3, "text 'stray'"),
        (interface(''), 4, "nothing in it"),
        ('<node>\n<interface name="com.example.Case"/></node>', 2, "below org.offduty1"),
        ('<node>\n</node>', 1, "no interface"),
        (interface('<signal name="A"/>').replace("</node>", '<interface name="org.offduty1.B"/></node>'),
         5, "a second interface"),
        ('<node>\n<interface', 2, "unclosed token"),
        ('', 1, "no element found"),
        ('<!DOCTYPE node [\n<!ENTITY x "y">\n]><node/>', 2, "entities are not read"),
    ]

    def test_faults_are_named_with_file_and_line(self):
        for text, line, words in self.rows:
            with self.subTest(words=words, text=text), tempfile.TemporaryDirectory() as folder:
                path, result = run(text, folder)
                self.assertEqual(result.returncode, 1, result.stderr)
                self.assertTrue(result.stderr.startswith("%s:%d: " % (path, line)), result.stderr)
                self.assertIn(words, result.stderr)
                self.assertEqual(os.listdir(folder), [os.path.basename(path)])

    def test_a_missing_file_and_a_wrong_call(self):
        with tempfile.TemporaryDirectory() as folder:
            script = os.path.join(DBUS, "generate.py")
            missing = subprocess.run([sys.executable, script, folder + "/none.xml", folder],
                                     capture_output=True, text=True)
            self.assertEqual(missing.returncode, 1)
            self.assertIn("none.xml:1:", missing.stderr)
            wrong = subprocess.run([sys.executable, script], capture_output=True, text=True)
            self.assertEqual(wrong.returncode, 2)


class Output(unittest.TestCase):
    def generate(self, text, folder):
        _, result = run(text, folder)
        self.assertEqual(result.stderr, "")
        self.assertEqual(result.returncode, 0)
        with open(os.path.join(folder, "Case.bus.h"), encoding="utf-8") as header:
            with open(os.path.join(folder, "Case.bus.c"), encoding="utf-8") as source:
                return header.read(), source.read()

    def test_rows_handlers_and_names(self):
        body = ('<method name="MyRecords"><annotation name="org.offduty1.Access" '
                'value="org.offduty1.policy.reload"/><arg type="x" direction="in"/>'
                '<arg type="s" direction="in"/><arg type="aa{sv}" direction="out"/></method>'
                '<property name="PolicyHash" type="s" access="read"/>')
        with tempfile.TemporaryDirectory() as folder:
            header, source = self.generate(interface(body), folder)
        self.assertIn('{ "MyRecords", "xs", "aa{sv}", "org.offduty1.policy.reload", '
                      'od_case_method_my_records }', source)
        self.assertIn('{ "PolicyHash", "s", od_case_get_policy_hash }', source)
        self.assertIn("int od_case_method_my_records(void *userdata, struct od_bus_call *call);",
                      header)
        self.assertIn('#define OD_BUS_CASE "org.offduty1.Case"', header)

    def test_the_text_survives_the_way_through_c(self):
        comment = '<!-- "q" \\ ??/ \\n \t é € 0 -->'
        text = interface('%s\n<signal name="A"/>' % comment)
        wanted = text[text.index("<interface"):text.index("</interface>") + len("</interface>")]
        with tempfile.TemporaryDirectory() as folder:
            self.generate(text, folder)
            with open(os.path.join(folder, "main.c"), "w", encoding="utf-8") as file:
                file.write('#include "Case.bus.c"\n#include <stdio.h>\n'
                           "int main(void)\n{\n\tfputs(od_bus_interface_case.xml, stdout);\n}\n")
            flags = subprocess.run(["pkg-config", "--cflags", "dbus-1"], capture_output=True,
                                   text=True, check=True).stdout.split()
            program = os.path.join(folder, "main")
            subprocess.run([COMPILER, "-trigraphs", "-I", DBUS, "-I", os.path.join(DBUS, "..", "policies"),
                            *flags, "-o", program, os.path.join(folder, "main.c")], check=True)
            printed = subprocess.run([program], capture_output=True, check=True).stdout
        self.assertEqual(printed.decode(), wanted)

    def test_the_installed_interfaces_are_accepted(self):
        interfaces = os.path.join(DBUS, "interfaces")
        with tempfile.TemporaryDirectory() as folder:
            for name in os.listdir(interfaces):
                with open(os.path.join(interfaces, name), encoding="utf-8") as file:
                    _, result = run(file.read(), folder)
                self.assertEqual(result.returncode, 0, result.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
