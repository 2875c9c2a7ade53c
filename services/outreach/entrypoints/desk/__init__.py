"""The collectors' workbench: server-rendered pages in English and Chinese, usable without JavaScript."""
