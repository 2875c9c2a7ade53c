"""Complaints, disputes, alarms and preferences over HTTP, for the staff and for the borrower's pages."""

from services.outreach.entrypoints.desks import alarms, legal, matters, own_record, portal, preferences

routers = [matters.router, alarms.router, preferences.router, portal.router, own_record.router, legal.router]
