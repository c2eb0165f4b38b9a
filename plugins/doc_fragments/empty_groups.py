# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What a group means in which nobody is seen."""

    DOCUMENTATION = r"""
options:
  allow_empty_groups:
    description:
      - Whether a group in which no user is seen may make anybody lose something. By default the task fails then, before the
        first write. Graph answers alike for a group that is empty, one whose membership is hidden from a caller without the
        permission C(Member.Read.Hidden), and a dynamic one whose rule is broken.
      - Hidden groups within a group can't be noticed, because Graph leaves their members out without a word.
    type: bool
    default: false
"""
