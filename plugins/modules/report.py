# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: report
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Leave a report of a run on the control node
description:
  - Writes one report as Markdown for people, as JSON for programs and, if wished, as a page for browsers, or removes
    them.
  - It always runs on the control node, whatever the task's connection is.
options:
  path:
    description: Where to, without an ending; a folder that is not there is made.
    type: path
    required: true
  markdown:
    description: The report as people read it.
    type: str
  data:
    description: The same as data.
    type: dict
  html:
    description: The same as a page for browsers. Without one, none is left from before.
    type: str
    default: ""
  archive:
    description:
      - Further files by their names, each with its text, which are packed into one archive beside the others.
    type: dict
    default: {}
  state:
    description: Whether the report shall be there.
    type: str
    choices: [present, absent]
    default: present
attributes:
  check_mode:
    support: full
    description: Writes nothing, and predicts what it would do.
  diff_mode:
    support: none
    description: A report is read in its file.
notes:
  - The files are readable for the user who runs this and nobody else (mode C(0600)). No secret belongs in them all the
    same, since reports are passed on.
"""

EXAMPLES = r"""
- name: Leave a report
  fisioflow.digitalocean.report:
    path: "{{ lookup('ansible.builtin.env', 'TMPDIR') or '/tmp' }}/clinic-backup"
    markdown: |
      # Backup of the clinic

      Done after 12 s.
    html: <!doctype html><title>Backup of the clinic</title><p>Done after 12 s.</p>
    data:
      ok: true
      seconds: 12
    archive:
      backup.log: Done after 12 s.

- name: Remove it
  fisioflow.digitalocean.report:
    path: "{{ lookup('ansible.builtin.env', 'TMPDIR') or '/tmp' }}/clinic-backup"
    state: absent
"""

RETURN = r"""
report:
  description: Where the report is.
  type: dict
  returned: success
  contains:
    markdown:
      description: Path of the file for people.
      type: str
    json:
      description: Path of the file for programs.
      type: str
    html:
      description: Path of the page for browsers.
      type: str
      returned: when O(html) is given
    archive:
      description: Path of the archive.
      type: str
      returned: when O(archive) is given
    shown:
      description: RV(report.markdown) as a reader sees it from the working directory of the run.
      type: str
  sample:
    markdown: /tmp/clinic-backup.md
    json: /tmp/clinic-backup.json
    shown: /tmp/clinic-backup.md
"""
