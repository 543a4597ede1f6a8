# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PostgreSQL server behind each cluster and read replica of the engines ``pg`` and ``advanced_pg``.

``kind``        which servers there should be, and what each should be like, told from the rows
``parameters``  the settings of the API in PostgreSQL's own words
``programs``    the binaries, and the data folder that every new cluster begins with
``server``      one server: begun, followed, promoted, removed
``postmaster``  its process, and the configuration that it runs by
``origin``      what a new server begins with
``files``       its configuration files and its certificate
``sql``         the door of our own, by which roles and databases are made
``roles``       the users of the API
``databases``   the databases of the API
``gauge``       how busy and how full it is
``backups``     base backups, taken when one is due
"""
