# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apps run: a process for each instance, the jobs of a deployment, and the way in and out.

``images``       what runs in the place of an image or a repository
``environment``  the variables that App Platform would give it
``program``      one command of a component, and what it writes
``checks``       whether an instance is ready, and alive
``instance``     one instance: started, looked at, started again
``deployments``, ``jobs``  the kinds of software
``entrance``, ``ingress``, ``routes``  how requests come in
``relays``       how connections to databases go out, from the address of the app
"""
