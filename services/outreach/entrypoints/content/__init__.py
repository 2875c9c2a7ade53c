"""Templates, conduct, sent texts, and the public check of codes over HTTP."""

from services.outreach.entrypoints.content import check_page, genuine, templates, texts

routers = [templates.router, texts.router, genuine.router, check_page.router]
