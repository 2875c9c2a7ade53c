"""Where a person may be when nothing tells more than the country."""

from __future__ import annotations

WIDEST_ZONES: dict[str, tuple[str, ...]] = {
    "US": ("America/New_York", "America/Los_Angeles", "Pacific/Honolulu"),
    "CN": ("Asia/Shanghai",),
    "GB": ("Europe/London",),
    "IE": ("Europe/Dublin",),
    "IN": ("Asia/Kolkata",),
    "ID": ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"),
    "PH": ("Asia/Manila",),
    "VN": ("Asia/Ho_Chi_Minh",),
    "SG": ("Asia/Singapore",),
    "AU": ("Australia/Sydney", "Australia/Adelaide", "Australia/Perth"),
}
"""Jurisdiction to zones from its first to its last, the one where most people live first."""
