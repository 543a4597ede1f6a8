# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""That it can be imported as a whole, and says what it needs."""

from __future__ import annotations

import unittest

from localcloud.examples.fisioflow import __main__ as program
from localcloud.examples.fisioflow.settings import NEEDED, read


class Settings(unittest.TestCase):
    def test_what_is_missing_is_named(self) -> None:
        self.assertEqual(read({}).missing, NEEDED)
        self.assertEqual(read(dict.fromkeys(NEEDED, "x")).missing, ())

    def test_an_environment_that_cannot_be_read_is_refused(self) -> None:
        self.assertRaises(ValueError, read, {"PORT": "many"})
        self.assertTrue(callable(program.main))
