"""Complaints, disputes, alarms and preferences over HTTP, for the staff and for the borrower's pages."""

from services.outreach.entrypoints.desks import alarms, matters, portal, preferences

routers = [matters.router, alarms.router, preferences.router, portal.router]
