# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Droplets whose user data makes them a web server: as processes, with the files that cloud-init would write.

``cloud_init``  what user data asks for, as far as it can be done here
``firewall``    who may reach a Droplet, by the cloud firewalls that cover it
``software``    the kind: what should run, and the thing that does
"""
